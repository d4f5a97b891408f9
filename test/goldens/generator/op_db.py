"""op-db.json.gz: PyTorch's own sample inputs of its operations (`torch.testing._internal.common_methods_invocations.op_db`):
what each gives, and the slopes of a cost by every float tensor among the inputs; in float32, int32 and bool, as far as an
operation has them.

The operations are those that `OPERATIONS` of test/toolbox/op-db.ts has a call for. In the repository are a few small
samples of each; `all_samples` has them all.
"""

import gzip
import json
import random
import re
import sys
import types
import unittest
import warnings
from pathlib import Path

import numpy
import torch

from .common import Output
from .functions import weights

# PyTorch's lists import a package for their own tests, which Debian does not have and nothing here needs.
sys.modules.setdefault("expecttest", types.SimpleNamespace(ACCEPT=False, TestCase=unittest.TestCase))

TABLE = Path(__file__).parents[2] / "toolbox" / "op-db.ts"
TYPES = {"f32": torch.float32, "i32": torch.int32, "bool": torch.bool}
# Of each operation and type: so many samples, each of no more numbers than this.
SAMPLES, NUMBERS = 10, 1000


class Empty(Exception):
    """No tensor may be empty."""


def known() -> list:
    """The names in the table."""
    body = TABLE.read_text().split("export const OPERATIONS", 1)[1]
    return re.findall(r'^  "?([A-Za-z_][\w.]*)"?: ', body, re.M)


def packed(tensor) -> dict:
    """As `common.encode`, but infinite numbers and NaN, too."""
    from base64 import b64encode

    if tensor.is_complex():
        raise TypeError("complex numbers")
    if tensor.numel() == 0:
        raise Empty("it is empty")
    array = tensor.detach().contiguous().numpy()
    extra = {}
    if tensor.is_floating_point():
        data = array.astype("<f4")
    else:
        data = array.astype("<i4")
        extra = {"dtype": "i32", **({"bool": True} if tensor.dtype == torch.bool else {})}
        assert (data == array).all(), "an integer does not fit int32"
    return {"shape": list(tensor.shape), **extra, "data": b64encode(data.tobytes()).decode("ascii")}


def described(value):
    """An argument as JSON."""
    if isinstance(value, torch.Tensor):
        return packed(value)
    if isinstance(value, (tuple, list)):
        return [described(v) for v in value]
    if isinstance(value, dict):
        return {k: described(v) for k, v in value.items()}
    if isinstance(value, slice):
        return {"slice": [value.start, value.stop, value.step]}
    if value is Ellipsis:
        return "..."
    if isinstance(value, torch.dtype):
        return {"type": str(value).removeprefix("torch.")}
    if isinstance(value, complex):
        raise TypeError("complex numbers")
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return {"number": "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"an argument is a {type(value).__name__}")


def indexed(args):
    """An index, in which a list is no tuple."""
    return tuple({"list": v} if isinstance(v, list) else indexed(v) if isinstance(v, tuple) else v for v in args)


def copied(value, change):
    """A value whose tensors are changed, each a leaf of its own."""
    if isinstance(value, torch.Tensor):
        return change(value.detach().clone())
    if isinstance(value, (tuple, list)):
        return type(value)(copied(v, change) for v in value)
    if isinstance(value, dict):
        return {k: copied(v, change) for k, v in value.items()}
    return value


def flat(value) -> list:
    if isinstance(value, dict):
        return flat(list(value.values()))
    if isinstance(value, (tuple, list)):
        return [t for v in value for t in flat(v)]
    return [value] if isinstance(value, torch.Tensor) else []


def wide(t):
    return t.double() if t.is_floating_point() else t


def outputs_and_slopes(op, sample, change, differentiate):
    """What the operation gives, and the slopes by the float tensors of the sample, in their order; None where there is none."""
    if differentiate:
        try:
            return with_slopes(op, sample, change, all_of=True)
        except RuntimeError as error:
            if "differentiable" not in str(error) and "derivative" not in str(error):
                raise
    return with_slopes(op, sample, change, all_of=False, first=differentiate)


def with_slopes(op, sample, change, all_of, first=False):
    given = copied([sample.input, sample.args, sample.kwargs], change)
    floats = [t for t in flat(given) if t.is_floating_point()]
    for t in floats if all_of else flat(given[0]) if first else []:
        t.requires_grad_()
    found = op(given[0], *given[1], **given[2])
    if op.name.endswith("_scaled_dot_product_attention") or "max_pool" in op.name and isinstance(found, tuple):
        found = found[0]  # neither the weights nor the places
    if isinstance(found, (bool, int, float)):
        found = torch.tensor(found)
    outputs = flat(found)
    moving = [y for y in outputs if y.is_floating_point() and y.requires_grad]
    slopes = [None] * len(floats)
    if moving:
        cost = sum((y * weights(y.shape).to(y.dtype)).sum() for y in moving)
        wrt = [t for t in floats if t.requires_grad]
        found = dict(zip(map(id, wrt), torch.autograd.grad(cost, wrt, allow_unused=True)))
        slopes = [found.get(id(t)) for t in floats]
    return [y.detach() for y in outputs], list(slopes)


def distance(golden, single) -> float:
    """How far PyTorch's own float32 is, in units of each tensor's largest finite number."""
    worst = 0.0
    for g, s in zip(golden, single):
        if g is None or s is None or not g.is_floating_point():
            continue
        fits = torch.isfinite(g) & torch.isfinite(s)
        if fits.any():
            scale = max(g[fits].abs().max().item(), 1e-3)
            worst = max(worst, (g[fits] - s[fits].double()).abs().max().item() / scale)
    return worst


def ask(name, op, kind, sample) -> dict:
    args = indexed(sample.args) if name == "__getitem__" else sample.args
    given = [described(sample.input), described(args), {k: described(v) for k, v in sample.kwargs.items()}]
    differentiate = kind == "f32" and op.supports_autograd
    outputs, slopes = outputs_and_slopes(op, sample, wide, differentiate)
    single = outputs_and_slopes(op, sample, lambda t: t, differentiate)
    return {
        "op": name,
        "type": kind,
        "input": given[0],
        "args": given[1],
        "kwargs": given[2],
        "outputs": [packed(y) for y in outputs if len(outputs) == 1 or y.numel() > 0],
        "slopes": [None if s is None else packed(s) for s in slopes],
        "float32": float(f"{max(distance(outputs, single[0]), distance(slopes, single[1])):.1e}"),
    }


def numbers_in(case) -> int:
    return sum(len(t.group(1)) for t in re.finditer(r'"data": "([^"]*)"', json.dumps(case))) * 3 // 16


def samples_of(names):
    """Every sample of every operation, as (name, type, number, case) or (name, type, number, why it is left out)."""
    from torch.testing._internal.common_methods_invocations import op_db

    warnings.simplefilter("ignore")
    wanted = set(names)
    for op in op_db:
        name = f"{op.name}.{op.variant_test_name}" if op.variant_test_name else op.name
        if name not in wanted:
            continue
        for kind, dtype in TYPES.items():
            if kind == "i32" and dtype not in op.dtypes:
                dtype = torch.int64
            if dtype not in op.dtypes:
                continue
            torch.manual_seed(0)
            numpy.random.seed(0)
            random.seed(0)
            for number, sample in enumerate(op.sample_inputs("cpu", dtype, requires_grad=False), 1):
                try:
                    yield name, kind, number, ask(name, op, kind, sample)
                except Exception as error:  # noqa: BLE001
                    yield name, kind, number, (str(error).split("\n")[0][:90] or type(error).__name__)


def content(cases, left) -> bytes:
    head = {"madeBy": "test/goldens/make.py", "torch": torch.__version__, "left": left}
    text = "\n".join([json.dumps(head), *(json.dumps(case, separators=(",", ":"), allow_nan=False) for case in cases)])
    return gzip.compress(text.encode(), 9, mtime=0)


def gathered(few: bool):
    """Cases by operation and type, and how many are left out for which reason."""
    lists, left = {}, {}
    for name, kind, number, case in samples_of(known()):
        if isinstance(case, str):
            left[case] = left.get(case, 0) + 1
        else:
            lists.setdefault((name, kind), []).append({"name": f"{name} {kind} {number}", **case})
    kept = {key: small_of(cases) if few else cases for key, cases in lists.items()}
    return [case for cases in kept.values() for case in cases], left


def small_of(cases) -> list:
    small = [c for c in cases if numbers_in(c) <= NUMBERS]
    return small[:SAMPLES] or [min(cases, key=numbers_in)]


def write(output: Output) -> None:
    cases, left = gathered(few=True)
    output.file("op-db.json.gz", content(cases, left), f"{len(cases)} cases")


def all_samples(path: str) -> None:
    cases, left = gathered(few=False)
    Path(path).write_bytes(content(cases, left))
    print(f"{len(cases)} samples, {sum(left.values())} left out")
