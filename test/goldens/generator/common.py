"""What the golden files share: random inputs, the tensor encoding, the float32 self-check and the writer."""

import base64
import json
import zlib
from pathlib import Path

import numpy
import torch


def prepare_torch() -> None:
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)


class Random:
    """Float32 tensors from numpy's frozen legacy generator, seeded by a case's name alone.

    So a case keeps its numbers when others are added, removed or moved, and on any version of torch and numpy.
    """

    def __init__(self, name: str):
        self.state = numpy.random.RandomState(zlib.crc32(name.encode()))

    def normal(self, shape, scale: float = 1.0) -> torch.Tensor:
        return torch.from_numpy(numpy.asarray(self.state.standard_normal(tuple(shape)) * scale, dtype=numpy.float32))

    def uniform(self, shape, low: float = 0.0, high: float = 1.0) -> torch.Tensor:
        return torch.from_numpy(numpy.asarray(self.state.uniform(low, high, tuple(shape)), dtype=numpy.float32))

    def integers(self, shape, low: int, high: int) -> torch.Tensor:
        """Integers in [low, high) as int64."""
        return torch.from_numpy(numpy.asarray(self.state.randint(low, high, tuple(shape)), dtype=numpy.int64))


def encode(tensor: torch.Tensor) -> dict:
    """A tensor as JSON: float32 (rounded from float64 where it was computed so) or int32, little-endian, base64."""
    array = tensor.detach().contiguous().numpy()
    if tensor.is_floating_point():
        data, extra = array.astype("<f4"), {}
        assert numpy.isfinite(data).all(), "a golden is not finite"
    else:
        data, extra = array.astype("<i4"), {"dtype": "i32"}
        assert (data == array).all(), "an integer does not fit int32"
    return {"shape": list(tensor.shape), **extra, "data": base64.b64encode(data.tobytes()).decode("ascii")}


def encode_all(tensors: dict) -> dict:
    return {name: encode(tensor) for name, tensor in tensors.items()}


def describe(options: dict) -> str:
    """Options as a short piece of a case's name: 'kernelSize=3 stride=2x1 bias=false'."""

    def value(v) -> str:
        if isinstance(v, (list, tuple)):
            return "x".join(value(e) for e in v)
        return json.dumps(v) if isinstance(v, bool) else str(v)

    return " ".join(f"{k}={value(v)}" for k, v in options.items())


def size(shape) -> str:
    return "x".join(str(n) for n in shape) or "scalar"


class Float32Check:
    """Compares PyTorch's own float32 result with the golden, so that a case which float32 cannot meet is noticed here.

    The distance is the largest absolute difference, in units of the golden's largest magnitude (at least 0.001).
    """

    def __init__(self, limit: float):
        self.limit, self.worst, self.worst_name = limit, 0.0, "none"

    def compare(self, name: str, golden: torch.Tensor, float32: torch.Tensor) -> None:
        if golden.numel() == 0:
            return
        scale = max(golden.abs().max().item(), 1e-3)
        distance = (golden.double() - float32.double()).abs().max().item() / scale
        assert distance <= self.limit, f"{name}: float32 is {distance:.2e} away, limit {self.limit:.0e}: change its data"
        if distance > self.worst:
            self.worst, self.worst_name = distance, name

    def __str__(self) -> str:
        return f"float32 within {self.worst:.1e} ({self.worst_name})"


class Output:
    """Writes files under one folder, or with check_only compares them with what is there."""

    def __init__(self, folder: Path, check_only: bool):
        self.folder, self.check_only, self.differing, self.bytes = folder, check_only, [], 0

    def file(self, name: str, content: bytes, note: str) -> None:
        path = self.folder / name
        self.bytes += len(content)
        if self.check_only:
            if not path.exists() or path.read_bytes() != content:
                self.differing.append(name)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        print(f"{name}: {len(content)} bytes, {note}")

    def json(self, name: str, cases: list, note: str = "", **extra) -> None:
        """A file {torch, ..., cases}, one case a line."""
        names = [case["name"] for case in cases]
        assert len(set(names)) == len(names), f"{name}: names repeat: {sorted(n for n in names if names.count(n) > 1)}"
        head = {"madeBy": "test/goldens/make.py", "torch": torch.__version__, **extra}
        lines = ["{"]
        lines += [f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'), allow_nan=False)}," for k, v in head.items()]
        lines.append('"cases": [')
        lines.append(",\n".join(json.dumps(case, separators=(",", ":"), allow_nan=False) for case in cases))
        lines.append("]\n}\n")
        self.file(name, "\n".join(lines).encode(), f"{len(cases)} cases, {note}".rstrip(", "))

    def finish(self) -> int:
        print(f"total: {self.bytes} bytes")
        if self.differing:
            print(f"these files differ: {', '.join(self.differing)}")
        return 1 if self.differing else 0
