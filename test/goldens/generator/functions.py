"""functions.json: functions of tensors, layers and losses that the other files have no form for, in float64."""

import math

import numpy
import torch
import torch.nn.functional as F

from .common import Output, Random, encode

CASES = []


def case(name: str, inputs, run, options=None) -> None:
    """`inputs` makes the tensors from random numbers; `run` takes those (floats in float64) and gives one or several."""
    CASES.append((name, inputs, run, options or {}))


def normal(*shapes):
    return lambda r: [r.normal(s) for s in shapes]


def positive(*shapes):
    return lambda r: [r.uniform(s, 0.2, 3.0) for s in shapes]


def ints(shape, low, high):
    return lambda r: [r.integers(shape, low, high)]


def both(*makers):
    return lambda r: [t for m in makers for t in m(r)]


def fixed(*lists):
    return lambda r: [torch.tensor(v) for v in lists]


ZEROS = fixed([[1.5, 0.0, -2.0, 0.5], [0.0, 3.0, 0.0, 1.0], [0.25, -1.0, 2.0, 4.0]])


def tensors() -> None:
    case("clip", normal((3, 5)), lambda x: x.clamp(-0.5, 0.7))
    case("clip by tensors", normal((3, 5), (5,)), lambda x, y: torch.clamp(x, y - 0.5, y + 0.5))
    case("round", fixed([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.49, -3.51, 1e7, 0.0]), torch.round)
    case("ceil", normal((11,)), torch.ceil)
    case("trunc", normal((11,)), lambda x: torch.trunc(x * 3))
    case("rsqrt", positive((7,)), torch.rsqrt)
    case("reciprocal", positive((7,)), torch.reciprocal)
    case("mod", both(normal((4, 3)), positive((3,))), lambda x, y: torch.remainder(x * 5, y))
    case("mod of integers", both(ints((4, 3), -1000000000, 1000000000), ints((3,), 1, 1000)), torch.remainder)
    case("tan", normal((9,)), torch.tan)
    case("atan", fixed([-100.0, -3.0, -1.0, -0.4, -1e-3, 0.0, 0.3, 0.42, 1.0, 2.5, 50.0]), torch.atan)
    case("atan2", normal((5, 4), (5, 4)), torch.atan2)
    case("log2", positive((9,)), torch.log2)
    case("variance", normal((3, 4, 5)), lambda x: x.var((0, 2)))
    case("variance without correction", normal((3, 4, 5)), lambda x: x.var(1, correction=0, keepdim=True))
    case("std", normal((3, 4)), lambda x: x.std(1))
    case("norm", normal((3, 4, 2)), lambda x: torch.linalg.vector_norm(x, dim=(1, 2)))
    case("norm of order 1", normal((3, 4)), lambda x: torch.linalg.vector_norm(x, 1, 0))
    case("norm of order 3", normal((3, 4)), lambda x: torch.linalg.vector_norm(x, 3, 1, True))
    case("norm of infinite order", normal((3, 4)), lambda x: torch.linalg.vector_norm(x, math.inf))
    case("norm of nothing", fixed([[0.0, 0.0], [3.0, 4.0]]), lambda x: torch.linalg.vector_norm(x, dim=1))
    case("prod", normal((3, 4)), lambda x: x.prod(1))
    case("prod with zeros", ZEROS, lambda x: x.prod(1, keepdim=True))
    case("argmin", normal((3, 7)), lambda x: x.argmin(1))
    case("logsumexp", normal((3, 4, 2)), lambda x: torch.logsumexp(x * 40, (0, 2)))
    case("any", ints((4, 3), 0, 2), lambda x: x.bool().any(1).int())
    case("all", ints((4, 3), 0, 2), lambda x: x.bool().all(0).int())
    case("xor", ints((2, 9), 0, 2), lambda x: torch.logical_xor(x[0].bool(), x[1].bool()).int())
    case("maskedFill", both(normal((3, 4)), ints((3, 4), 0, 2)), lambda x, m: x.masked_fill(m.bool(), -7.5))
    case("cumsum", normal((3, 4, 5)), lambda x: x.cumsum(1))
    case("cumsum of integers", ints((3, 9), -5, 6), lambda x: x.cumsum(1))
    case("cumprod", normal((3, 4)), lambda x: x.cumprod(1))
    case("cumprod with zeros", ZEROS, lambda x: x.cumprod(1))
    case("sort", normal((3, 9)), lambda x: x.sort(1))
    case("sort falling", normal((9, 2)), lambda x: x.sort(0, descending=True))
    case("sort with equals", ints((3, 40), 0, 6), lambda x: torch.sort(x, dim=1, stable=True))
    case("sort falling with equals", ints((3, 40), -3, 3), lambda x: torch.sort(x, dim=1, stable=True, descending=True))
    case("topk", normal((3, 17)), lambda x: x.topk(4, 1))
    case("topk smallest", normal((5, 3)), lambda x: x.topk(2, 0, largest=False))
    case("bincount", ints((40,), 0, 7), lambda x: torch.bincount(x, minlength=9))
    case("unique", ints((40,), -3, 7), lambda x: torch.unique(x, return_counts=True))
    case("stack", normal((2, 3), (2, 3), (2, 3)), lambda *x: torch.stack(x, 1))
    case("concat of many", lambda r: [r.normal((2, 1 + i % 3)) for i in range(20)], lambda *x: torch.cat(x, 1))
    case("split", normal((7, 2)), lambda x: x.split(3))
    case("split by sizes", normal((2, 7)), lambda x: x.split([1, 4, 2], 1))
    case("chunk", normal((7, 2)), lambda x: x.chunk(3))
    case("tile", normal((2, 3)), lambda x: x.tile(2, 1, 3))
    case("roll", normal((3, 4)), lambda x: x.roll((1, -2), (0, 1)))
    case("roll of all", normal((3, 4)), lambda x: x.roll(5))
    case("at", normal((4, 5, 6)), lambda x: x[-1, 1:-1, ::2])
    case("at with dots", normal((4, 5, 6)), lambda x: x[..., -2])
    case("at backwards", normal((7,)), lambda x: x.flip(0)[1:5:2])
    case("meshgrid", normal((3,), (4,)), lambda x, y: torch.meshgrid(x, y, indexing="xy"))
    case("takeAlongAxis", both(normal((3, 5)), ints((3, 4), 0, 5)), lambda x, i: x.gather(1, i))
    case("takeAlongAxis first", both(normal((5, 2, 3)), ints((4, 2, 3), 0, 5)), lambda x, i: x.gather(0, i))
    case("scatterAdd", both(normal((3, 5), (3, 4)), ints((3, 4), 0, 5)), lambda x, v, i: x.scatter_add(1, i, v))
    case("scatter", both(normal((3, 5), (2, 5)), fixed([[0, 1, 2, 0, 1], [2, 0, 1, 1, 0]])), lambda x, v, i: x.scatter(0, i, v))
    case("einsum matmul", normal((2, 3, 4), (2, 4, 5)), lambda x, y: torch.einsum("bij,bjk->bik", x, y))
    case("einsum implicit", normal((3, 4), (5, 3)), lambda x, y: torch.einsum("ba,cb", x, y))
    case("einsum diagonal", normal((3, 3, 2)), lambda x: torch.einsum("iij->j", x))
    case("einsum three", normal((2, 3), (3, 4), (4, 5)), lambda x, y, z: torch.einsum("ij,jk,kl->il", x, y, z))
    case("einsum dots", normal((2, 3, 4), (4, 5)), lambda x, y: torch.einsum("...j,jk->...k", x, y))
    case("einsum outer", normal((3,), (4,)), lambda x, y: torch.einsum("i,j->ij", x, y))
    case("dot", normal((5,), (5,)), torch.dot)
    case("outer", normal((5,), (3,)), torch.outer)
    case("tril", normal((2, 4, 5)), lambda x: x.tril(1))
    case("triu", normal((4, 5)), lambda x: x.triu(-1))
    case("linspace", normal((1,)), lambda x: torch.linspace(-1.5, 2.0, 8, dtype=torch.float64))
    case("arange", normal((1,)), lambda x: torch.arange(5.0, -2.0, -1.5, dtype=torch.float64))
    case("oneHot", ints((2, 5), 0, 4), lambda x: F.one_hot(x, 4).double())
    for mode in ["constant", "reflect", "replicate", "circular"]:
        value = {"value": 1.5} if mode == "constant" else {}
        case(f"pad {mode}", normal((2, 3, 4, 5)), lambda x, mode=mode, value=value: F.pad(x, (2, 1, 0, 3 - (mode == "reflect")), mode=mode, **value))
    for mode, shape in [("nearest", (2, 2, 5)), ("linear", (2, 2, 5)), ("bilinear", (2, 1, 4, 5)), ("bicubic", (1, 2, 4, 5))]:
        for corners in [False] if mode == "nearest" else [False, True]:
            case(
                f"interpolate {mode}{' corners' if corners else ''}",
                normal(shape),
                lambda x, mode=mode, corners=corners: F.interpolate(
                    x, size=[7, 3][: x.dim() - 2], mode=mode, **({} if mode == "nearest" else {"align_corners": corners})
                ),
            )
    case("interpolate by scale", normal((1, 1, 3, 4)), lambda x: F.interpolate(x, scale_factor=2.5, mode="bilinear"))


def _numbers(name, inputs, run, options) -> dict:
    given = inputs(Random(name))
    wide = [t.double().requires_grad_() if t.is_floating_point() else t for t in given]
    found = run(*wide)
    outputs = [found] if isinstance(found, torch.Tensor) else list(found)
    floats = [t for t in wide if t.is_floating_point()]
    # One number that depends on every element of every output, on each in another way.
    cost = sum(((y * weights(y.shape)).sum() for y in outputs if y.is_floating_point() and y.requires_grad), torch.tensor(0.0))
    slopes = torch.autograd.grad(cost, floats, allow_unused=True) if cost.requires_grad else [None] * len(floats)
    return {
        "name": name,
        **({"options": options} if options else {}),
        "inputs": [encode(t) for t in given],
        "outputs": [encode(y.detach()) for y in outputs],
        "slopes": [encode(torch.zeros_like(x) if s is None else s) for x, s in zip(floats, slopes)],
    }


def weights(shape) -> torch.Tensor:
    """sin of an element's number, and 2."""
    count = int(numpy.prod(shape)) if len(shape) else 1
    return (torch.arange(count, dtype=torch.float64).sin() + 2).reshape(tuple(shape))


def write(output: Output) -> None:
    CASES.clear()
    tensors()
    output.json("functions.json", [_numbers(*c) for c in CASES])
