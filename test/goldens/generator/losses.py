"""losses.json: every loss and its gradient with respect to the scores."""

import torch
from torch.nn import functional as F

from .common import Float32Check, Output, Random, describe, encode, size

SIZES = [[1, 10], [3, 7], [64, 10]]


def _reductions(shape: list) -> list:
    """The largest size with "mean" only, to keep the file small."""
    return ["mean"] if shape == SIZES[-1] else ["mean", "sum"]



def _cross_entropy(x, target, o, weight):
    return F.cross_entropy(
        x, target, weight=weight, reduction=o["reduction"], label_smoothing=o.get("labelSmoothing", 0.0)
    )


LOSSES = {
    "crossEntropy": _cross_entropy,
    "mse": lambda x, t, o, w: F.mse_loss(x, t, reduction=o["reduction"]),
    "l1": lambda x, t, o, w: F.l1_loss(x, t, reduction=o["reduction"]),
    "huber": lambda x, t, o, w: F.huber_loss(x, t, reduction=o["reduction"], delta=o["delta"]),
    "bceWithLogits": lambda x, t, o, w: F.binary_cross_entropy_with_logits(x, t, pos_weight=w, reduction=o["reduction"]),
}

# How a row says what its tensors hold: the target's kind, whether a weight per class goes with it, the input's kind.
LABELS, SOFT, REAL, EQUAL, BITS = "labels", "soft labels", "real targets", "some targets equal", "zero and one targets"
NORMAL, EXTREME = "normal", "scores ±1e4"


def _rows():
    for shape in SIZES:
        for reduction in _reductions(shape):
            o = {"reduction": reduction}
            smooth = {**o, "labelSmoothing": 0.1}
            yield "crossEntropy", o, shape, LABELS, False, NORMAL
            yield "crossEntropy", o, shape, LABELS, True, NORMAL
            yield "crossEntropy", o, shape, LABELS, False, EXTREME
            yield "crossEntropy", smooth, shape, LABELS, False, NORMAL
            yield "crossEntropy", smooth, shape, LABELS, True, NORMAL
            yield "crossEntropy", smooth, shape, LABELS, False, EXTREME
            yield "crossEntropy", o, shape, SOFT, False, NORMAL
            yield "crossEntropy", o, shape, SOFT, True, NORMAL
            yield "crossEntropy", o, shape, SOFT, False, EXTREME
            yield "crossEntropy", smooth, shape, SOFT, False, NORMAL
    for loss, options in [("mse", {}), ("l1", {}), ("huber", {"delta": 1.0}), ("huber", {"delta": 0.3})]:
        for shape in [*SIZES, [1, 1], [2, 3, 5]]:
            for reduction in _reductions(shape):
                yield loss, {"reduction": reduction, **options}, shape, REAL, False, NORMAL
        yield loss, {"reduction": "mean", **options}, [3, 7], EQUAL, False, NORMAL
        yield loss, {"reduction": "sum", **options}, [3, 7], REAL, False, EXTREME
    for shape in [*SIZES, [1, 1]]:
        for reduction in _reductions(shape):
            o = {"reduction": reduction}
            yield "bceWithLogits", o, shape, BITS, False, NORMAL
            yield "bceWithLogits", o, shape, SOFT, False, NORMAL
            yield "bceWithLogits", o, shape, BITS, True, NORMAL
            yield "bceWithLogits", o, shape, BITS, False, EXTREME


def _scores(kind: str, shape: list, random: Random) -> torch.Tensor:
    x = random.normal(shape, 2.0)
    if kind == EXTREME:  # about half of the scores become ±1e4, and one becomes zero
        replaced = random.integers(shape, 0, 4)
        x = torch.where(replaced == 0, torch.tensor(1e4), torch.where(replaced == 1, torch.tensor(-1e4), x))
        x.view(-1)[0] = 0.0
    return x


def _target(kind: str, loss: str, x: torch.Tensor, random: Random) -> torch.Tensor:
    if kind == LABELS:
        return random.integers(x.shape[:1], 0, x.shape[1])
    if kind == BITS:
        return random.integers(x.shape, 0, 2).float()
    if kind == SOFT:
        soft = random.uniform(x.shape, 0.05, 1.0)
        return soft / soft.sum(1, keepdim=True) if loss == "crossEntropy" else soft
    target = random.normal(x.shape, 2.0)
    return torch.where(random.integers(x.shape, 0, 2) == 0, x, target) if kind == EQUAL else target


def _case(check: Float32Check, loss: str, options: dict, shape: list, target_kind: str, weighted: bool, scores: str) -> dict:
    parts = [loss, size(shape), describe(options), target_kind] + (["weighted"] if weighted else [])
    name = " ".join(parts + ([scores] if scores != NORMAL else []))
    random = Random(name)
    x = _scores(scores, shape, random)
    target = _target(target_kind, loss, x, random)
    weight = random.uniform([shape[1]], 0.25, 2.0) if weighted else None

    def run(dtype):
        leaf = x.to(dtype, copy=True).requires_grad_(True)
        typed_target = target.to(dtype) if target.is_floating_point() else target
        value = LOSSES[loss](leaf, typed_target, options, None if weight is None else weight.to(dtype))
        value.backward()
        return value.detach(), leaf.grad

    value, gradient = run(torch.float64)
    value32, gradient32 = run(torch.float32)
    check.compare(f"{name}: output", value, value32)
    check.compare(f"{name}: gradInput", gradient, gradient32)

    case = {"name": name, "loss": loss, "options": options, "input": encode(x), "target": encode(target)}
    if weight is not None:
        case["posWeight" if loss == "bceWithLogits" else "weight"] = encode(weight)
    case["output"] = encode(value)
    case["gradInput"] = encode(gradient)
    return case


def write(output: Output) -> None:
    check = Float32Check(1e-6)
    output.json("losses.json", [_case(check, *row) for row in _rows()], str(check))
