"""safetensors/*.safetensors and safetensors.json: small files in that format and what they hold.

The layout is that of the safetensors library: an 8-byte little-endian length, a compact JSON header padded with
spaces to a multiple of 8, then the tensors, those with the widest type first and names in order among equals.
"""

import json
import struct

import torch

from .common import Output, Random, encode_all
from .modules import build, fill
from .networks import NETWORKS, initial_network

# In the library's order of types, from the one that comes first in a file.
TYPES = {
    torch.int64: "I64",
    torch.float64: "F64",
    torch.float32: "F32",
    torch.int32: "I32",
    torch.bfloat16: "BF16",
    torch.float16: "F16",
    torch.int16: "I16",
    torch.int8: "I8",
    torch.uint8: "U8",
    torch.bool: "BOOL",
}


def _bytes(tensor: torch.Tensor) -> bytes:
    tensor = tensor.detach().contiguous()
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.view(torch.int16)
    array = tensor.numpy()
    return array.astype(array.dtype.newbyteorder("<")).tobytes()


def serialize(tensors: dict, metadata: dict) -> bytes:
    order = list(TYPES)
    header, data = ({"__metadata__": metadata} if metadata else {}), b""
    for name, tensor in sorted(tensors.items(), key=lambda item: (order.index(item[1].dtype), item[0])):
        content = _bytes(tensor)
        offsets = [len(data), len(data) + len(content)]
        header[name] = {"dtype": TYPES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": offsets}
        data += content
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def _sequential(*layers) -> torch.nn.Sequential:
    net = torch.nn.Sequential(*[build(name, options) for name, options in layers])
    fill(net, Random(repr(layers)))
    return net


def _mlp() -> dict:
    """The start of the first network of networks.json."""
    return initial_network(NETWORKS[0])[0].state_dict()


def _conv_net() -> dict:
    return _sequential(
        ("conv2d", {"inChannels": 1, "outChannels": 3, "kernelSize": [3, 2]}),
        ("batchNorm2d", {"features": 3}),
        ("relu", {}),
        ("flatten", {}),
        ("linear", {"inFeatures": 12, "outFeatures": 2, "bias": False}),
    ).state_dict()


def _types() -> dict:
    """Every type, a scalar, a tensor without elements and a name that JSON must escape."""
    values = torch.tensor([[0.0, -0.0, 1.0], [-2.5, 0.15625, 96.0]])
    integers = torch.tensor([0, 1, -1, 127, -128])
    return {
        "f64": values.double(),
        "f32": values,
        "f16": values.half(),
        "bf16": values.bfloat16(),
        "i64": integers,
        "i32": integers.int(),
        "i16": integers.short(),
        "i8": integers.to(torch.int8),
        "u8": torch.tensor([0, 1, 255], dtype=torch.uint8),
        "bool": torch.tensor([True, False, True]),
        "scalar": torch.tensor(1.5),
        "empty": torch.zeros(0, 3),
        'a "quoted"\\name': torch.tensor([7.0]),
    }


FILES = [
    ("mlp", _mlp, {}),
    ("conv-net", _conv_net, {"format": "pt"}),
    ("types", _types, {"format": "pt", "note": "every type"}),
]


def write(output: Output) -> None:
    cases = []
    for name, make, metadata in FILES:
        tensors = make()
        file = f"safetensors/{name}.safetensors"
        output.file(file, serialize(tensors, metadata), f"{len(tensors)} tensors")
        # what the file holds, here as float32 or int32
        dtypes = {n: TYPES[t.dtype] for n, t in tensors.items()}
        plain = {n: t.float() if t.is_floating_point() else t.to(torch.int64) for n, t in tensors.items()}
        case = {"name": name, "file": file, "metadata": metadata, "dtypes": dtypes, "tensors": encode_all(plain)}
        cases.append(case)
    output.json("safetensors.json", cases)
