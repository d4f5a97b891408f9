"""powers.json: powers at their edges, and their derivatives, in float32."""

import math

import torch

from .common import Output

BASES = [-math.inf, -2.5, -2.0, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 2.0, 2.5, math.inf, math.nan]
EXPONENTS = [-math.inf, -3.0, -2.0, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, math.inf, math.nan]


def _plain(value: float):
    """A number as JSON has it: those that JSON lacks as texts."""
    return value if math.isfinite(value) else str(value)


def _case(base: float, exponent: float) -> dict:
    x = torch.tensor(base, requires_grad=True)
    p = torch.tensor(exponent, requires_grad=True)
    y = x.pow(p)
    by_base, by_exponent = torch.autograd.grad(y, [x, p], create_graph=True)
    (twice,) = torch.autograd.grad(by_base, [x])
    values = {"base": base, "exponent": exponent, "value": y.item(), "byBase": by_base.item()}
    values |= {"byExponent": by_exponent.item(), "byBaseTwice": twice.item()}
    return {"name": f"{base} ^ {exponent}"} | {k: _plain(v) for k, v in values.items()}


def write(output: Output) -> None:
    output.json("powers.json", [_case(base, exponent) for base in BASES for exponent in EXPONENTS])
