"""optimizers.json: ten steps of every optimiser on a known function, and gradient clipping."""

import math

import torch
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

from .common import Float32Check, Output, Random, encode, encode_all

SHAPES = {"a": [3, 5], "b": [7]}
RECORDED = [1, 2, 5, 10]
FUNCTION = {
    "value": "f(w) = sum over every element of a and b of sin(w) * c + (w - t)^2",
    "gradient": "cos(w) * c + 2 * (w - t)",
}


def _sgd(params, o):
    return torch.optim.SGD(
        params,
        lr=o["lr"],
        momentum=o.get("momentum", 0.0),
        dampening=o.get("dampening", 0.0),
        weight_decay=o.get("weightDecay", 0.0),
        nesterov=o.get("nesterov", False),
        maximize=o.get("maximize", False),
    )


def _rmsprop(params, o):
    return torch.optim.RMSprop(
        params,
        lr=o["lr"],
        alpha=o.get("alpha", 0.99),
        eps=o.get("eps", 1e-8),
        weight_decay=o.get("weightDecay", 0.0),
        momentum=o.get("momentum", 0.0),
        centered=o.get("centered", False),
        maximize=o.get("maximize", False),
    )


def _adam(kind, default_decay):
    return lambda params, o: kind(
        params,
        lr=o["lr"],
        betas=tuple(o.get("betas", [0.9, 0.999])),
        eps=o.get("eps", 1e-8),
        weight_decay=o.get("weightDecay", default_decay),
        amsgrad=o.get("amsgrad", False),
        maximize=o.get("maximize", False),
    )


class _Formula(torch.optim.Optimizer):
    """An optimizer that PyTorch does not have: `rule(w, g, state, t, options)` gives the next value."""

    def __init__(self, params, options, rule):
        super().__init__(params, {"options": options})
        self.rule = rule

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for w in group["params"]:
                state = self.state[w]
                state["t"] = state.get("t", 0) + 1
                w.copy_(self.rule(w, w.grad, state, state["t"], group["options"]))


def _mean(state, name, value, keep):
    state[name] = keep * state.get(name, torch.zeros_like(value)) + (1 - keep) * value
    return state[name]


def _nadam(w, g, state, t, o):
    """As PyTorch from 2.0 on: 1.13 has one factor of the next product twice."""
    g = g + o.get("weightDecay", 0.0) * w
    mu, later = (0.9 * (1 - 0.5 * 0.96 ** (at * 0.004)) for at in (t, t + 1))
    state["product"] = state.get("product", 1.0) * mu
    m, v = _mean(state, "m", g, 0.9), _mean(state, "v", g * g, 0.999)
    root = (v / (1 - 0.999**t)).sqrt() + 1e-8
    return w - o["lr"] * ((1 - mu) / (1 - state["product"]) * g + later / (1 - state["product"] * later) * m) / root


def _lion(w, g, state, t, o):
    ahead, keep = o.get("betas", [0.9, 0.99])
    before = state.get("m", torch.zeros_like(w))
    direction = torch.sign(ahead * before + (1 - ahead) * g)
    _mean(state, "m", g, keep)
    return w - o["lr"] * (direction + o.get("weightDecay", 0.0) * w)


def _lamb(w, g, state, t, o):
    keep, keep_square = o.get("betas", [0.9, 0.999])
    m = _mean(state, "m", g, keep) / (1 - keep**t)
    v = _mean(state, "v", g * g, keep_square) / (1 - keep_square**t)
    update = m / (v.sqrt() + o.get("eps", 1e-6)) + o.get("weightDecay", 0.0) * w
    return w - o["lr"] * w.norm() / update.norm() * update


def _muon(w, g, state, t, o):
    keep = o.get("momentum", 0.95)
    direction = (1 - keep) * g + keep * _mean(state, "m", g, keep)
    if w.dim() < 2:
        return w - o["lr"] * direction
    x = direction / (direction.norm() + 1e-7)
    x = x.T if w.shape[0] > w.shape[1] else x
    for _ in range(5):
        a = x @ x.T
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    x = x.T if w.shape[0] > w.shape[1] else x
    return w - o["lr"] * max(1, w.shape[0] / w.shape[1]) ** 0.5 * x


def _adafactor(w, g, state, t, o):
    keep = 1 - t ** -o.get("decay", 0.8)
    square = g * g + 1e-30
    if w.dim() < 2:
        v = _mean(state, "v", square, keep)
    else:
        rows, columns = _mean(state, "r", square.mean(-1, True), keep), _mean(state, "c", square.mean(-2, True), keep)
        v = rows * columns / rows.mean(-2, True)
    update = g / v.sqrt()
    return w - o["lr"] * update / max(1.0, update.square().mean().sqrt().item() / o.get("clip", 1.0))


def _formula(rule):
    return lambda params, o: _Formula(params, o, rule)


OPTIMIZERS = {
    "adagrad": lambda params, o: torch.optim.Adagrad(params, lr=o["lr"], weight_decay=o.get("weightDecay", 0.0)),
    "nadam": lambda params, o: _Formula(params, o, _nadam),
    "radam": lambda params, o: torch.optim.RAdam(params, lr=o["lr"], betas=tuple(o.get("betas", [0.9, 0.999]))),
    "lion": _formula(_lion),
    "lamb": _formula(_lamb),
    "muon": _formula(_muon),
    "adafactor": _formula(_adafactor),
    "sgd": _sgd,
    "rmsprop": _rmsprop,
    "adam": _adam(torch.optim.Adam, 0.0),
    "adamw": _adam(torch.optim.AdamW, 0.01),
}

# name, optimiser, options, and optionally the groups or the clipping used in every step
RUNS = [
    ("sgd plain", "sgd", {"lr": 0.1}),
    ("sgd momentum", "sgd", {"lr": 0.05, "momentum": 0.9}),
    ("sgd momentum with dampening", "sgd", {"lr": 0.05, "momentum": 0.9, "dampening": 0.5}),
    ("sgd nesterov", "sgd", {"lr": 0.05, "momentum": 0.9, "nesterov": True}),
    ("sgd weight decay", "sgd", {"lr": 0.1, "weightDecay": 0.1}),
    ("sgd momentum and weight decay", "sgd", {"lr": 0.05, "momentum": 0.9, "weightDecay": 0.01}),
    ("sgd nesterov and weight decay", "sgd", {"lr": 0.05, "momentum": 0.9, "nesterov": True, "weightDecay": 0.01}),
    ("sgd maximize", "sgd", {"lr": 0.05, "maximize": True}),
    ("sgd maximize, momentum and weight decay", "sgd", {"lr": 0.01, "maximize": True, "momentum": 0.9, "weightDecay": 0.1}),
    ("rmsprop", "rmsprop", {"lr": 0.01}),
    ("rmsprop alpha and eps", "rmsprop", {"lr": 0.05, "alpha": 0.9, "eps": 1e-3}),
    ("rmsprop momentum", "rmsprop", {"lr": 0.01, "momentum": 0.9}),
    ("rmsprop centered", "rmsprop", {"lr": 0.01, "alpha": 0.9, "centered": True, "eps": 1e-3}),
    ("rmsprop weight decay", "rmsprop", {"lr": 0.01, "weightDecay": 0.1}),
    ("rmsprop maximize", "rmsprop", {"lr": 0.01, "maximize": True}),
    ("adam", "adam", {"lr": 0.1}),
    ("adam betas and eps", "adam", {"lr": 0.05, "betas": [0.8, 0.99], "eps": 1e-4}),
    ("adam weight decay", "adam", {"lr": 0.1, "weightDecay": 0.1}),
    ("adam maximize", "adam", {"lr": 0.1, "maximize": True}),
    ("adam amsgrad", "adam", {"lr": 0.1, "betas": [0.9, 0.9], "amsgrad": True}),
    ("adamw default decay", "adamw", {"lr": 0.1}),
    ("adamw", "adamw", {"lr": 0.1, "weightDecay": 0.1}),
    ("adamw betas and eps", "adamw", {"lr": 0.05, "betas": [0.8, 0.99], "eps": 1e-4, "weightDecay": 0.05}),
    ("adamw maximize", "adamw", {"lr": 0.1, "maximize": True}),
    ("adagrad", "adagrad", {"lr": 0.1, "weightDecay": 0.1}),
    ("nadam", "nadam", {"lr": 0.05, "weightDecay": 0.1}),
    ("radam", "radam", {"lr": 0.1}),
    ("radam short memory", "radam", {"lr": 0.05, "betas": [0.8, 0.9]}),
    ("lion", "lion", {"lr": 0.05, "weightDecay": 0.1}),
    ("lamb", "lamb", {"lr": 0.05, "weightDecay": 0.1}),
    ("muon", "muon", {"lr": 0.1}),
    ("adafactor", "adafactor", {"lr": 0.1, "clip": 0.8}),
    (
        "sgd groups",
        "sgd",
        {"lr": 0.1, "momentum": 0.9},
        {"groups": [{"params": ["a"], "options": {}}, {"params": ["b"], "options": {"lr": 0.01, "weightDecay": 0.1}}]},
    ),
    (
        "adamw groups",
        "adamw",
        {"lr": 0.1, "weightDecay": 0.1},
        {"groups": [{"params": ["a"], "options": {"lr": 0.02}}, {"params": ["b"], "options": {"weightDecay": 0.0}}]},
    ),
    ("sgd momentum clipped by norm", "sgd", {"lr": 0.1, "momentum": 0.9}, {"clip": {"kind": "norm", "max": 1.5}}),
    ("adam clipped by value", "adam", {"lr": 0.1}, {"clip": {"kind": "value", "max": 0.5}}),
]

# name, kind, largest norm or value, order of the norm (2, 1 or "inf"), scale of the gradients
CLIPS = [
    ("clip norm shrinks", "norm", 1.0, 2, 1.0),
    ("clip norm leaves small gradients", "norm", 100.0, 2, 1.0),
    ("clip norm of tiny gradients", "norm", 1.0, 2, 1e-6),
    ("clip norm of zero gradients", "norm", 1.0, 2, 0.0),
    ("clip norm of large gradients", "norm", 0.5, 2, 1e4),
    ("clip 1-norm", "norm", 2.0, 1, 1.0),
    ("clip inf-norm", "norm", 0.5, "inf", 1.0),
    ("clip value shrinks", "value", 0.5, None, 1.0),
    ("clip value leaves small gradients", "value", 100.0, None, 1.0),
    ("clip value of large gradients", "value", 1.0, None, 1e4),
]


def _torch_options(options: dict) -> dict:
    return {{"weightDecay": "weight_decay"}.get(k, k): v for k, v in options.items()}


def _clip(params, kind: str, largest: float, order=2):
    if kind == "norm":
        return clip_grad_norm_(params, largest, norm_type=math.inf if order == "inf" else order)
    return clip_grad_value_(params, largest)


def _run(check: Float32Check, name: str, optimizer: str, options: dict, extra: dict = {}) -> dict:
    random = Random(name)
    start = {n: random.normal(s, 1.5) for n, s in SHAPES.items()}
    c = {n: random.normal(s, 3.0) for n, s in SHAPES.items()}
    t = {n: random.normal(s) for n, s in SHAPES.items()}

    def trajectory(dtype):
        w = {n: v.to(dtype, copy=True).requires_grad_(True) for n, v in start.items()}
        groups = [
            {"params": [w[n] for n in group["params"]], **_torch_options(group["options"])}
            for group in extra.get("groups", [{"params": list(w), "options": {}}])
        ]
        stepper = OPTIMIZERS[optimizer](groups, options)
        values, recorded = [], {}
        for step in range(1, RECORDED[-1] + 1):
            stepper.zero_grad()
            value = sum((torch.sin(w[n]) * c[n].to(dtype) + (w[n] - t[n].to(dtype)) ** 2).sum() for n in w)
            value.backward()
            if "clip" in extra:
                _clip(list(w.values()), extra["clip"]["kind"], extra["clip"]["max"])
            stepper.step()
            values.append(value.item())
            if step in RECORDED:
                recorded[str(step)] = {n: v.detach().clone() for n, v in w.items()}
        return values, recorded

    values, recorded = trajectory(torch.float64)
    _, recorded32 = trajectory(torch.float32)
    for step, tensors in recorded.items():
        for n in tensors:
            check.compare(f"{name}: {n} after {step}", tensors[n], recorded32[step][n])
    return {
        "name": name,
        "kind": "run",
        "optimizer": optimizer,
        "options": options,
        **extra,
        "start": encode_all(start),
        "c": encode_all(c),
        "t": encode_all(t),
        "values": values,
        "after": {step: encode_all(tensors) for step, tensors in recorded.items()},
    }


def _clip_case(check: Float32Check, name: str, kind: str, largest: float, order, scale: float) -> dict:
    random = Random(name)
    gradients = {n: random.normal(s, scale) for n, s in SHAPES.items()}

    def clipped(dtype):
        params = {n: torch.zeros_like(g, dtype=dtype).requires_grad_(True) for n, g in gradients.items()}
        for n, p in params.items():
            p.grad = gradients[n].to(dtype, copy=True)
        total = _clip(list(params.values()), kind, largest, order)
        return {n: p.grad for n, p in params.items()}, total

    after, total = clipped(torch.float64)
    after32, _ = clipped(torch.float32)
    for n in after:
        check.compare(f"{name}: {n}", after[n], after32[n])
    case = {"name": name, "kind": "clip", "clip": {"kind": kind, "max": largest}}
    if kind == "norm":
        case["clip"]["normType"] = order
        case["totalNorm"] = total.item()  # before clipping
    return {**case, "gradients": encode_all(gradients), "clipped": encode_all(after)}


def write(output: Output) -> None:
    check = Float32Check(2e-6)
    cases = [_run(check, *row) for row in RUNS] + [_clip_case(check, *row) for row in CLIPS]
    output.json("optimizers.json", cases, str(check), function=FUNCTION)
