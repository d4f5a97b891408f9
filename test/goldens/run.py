"""Runs in PyTorch what another program saved, to see that PyTorch can read it and computes the same.

    /usr/bin/python3 test/goldens/run.py NETWORK.safetensors < REQUEST.json

The request is {"architecture": [{layer, options}, ...], "input": tensor} with tensors as README.md beside this file
has them; the answer is the output in evaluation mode, a tensor. Exits with 3 where there is no PyTorch.
"""

import base64
import json
import struct
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))

try:
    import numpy
    import torch
except ImportError:
    sys.exit(3)

from generator.common import encode, prepare_torch  # noqa: E402
from generator.exchange import sequential  # noqa: E402


def state_of(content: bytes) -> dict:
    """The tensors of a safetensors file of float32."""
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    header.pop("__metadata__", None)
    state = {}
    for name, entry in header.items():
        assert entry["dtype"] == "F32", f"{name} is {entry['dtype']}"
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        array = numpy.frombuffer(content[begin:end], dtype="<f4").reshape(entry["shape"])
        state[name] = torch.from_numpy(array.copy())
    return state


def tensor_of(value: dict) -> torch.Tensor:
    array = numpy.frombuffer(base64.b64decode(value["data"]), dtype="<f4").reshape(value["shape"])
    return torch.from_numpy(array.copy())


def main() -> None:
    prepare_torch()
    request = json.load(sys.stdin)
    net = sequential(request["architecture"])
    net.load_state_dict(state_of(Path(sys.argv[1]).read_bytes()), strict=True)
    net.eval()
    with torch.no_grad():
        print(json.dumps(encode(net(tensor_of(request["input"])))))


if __name__ == "__main__":
    main()
