"""halves.json: a network whose weights PyTorch has rounded to float16 and to bfloat16, and what they come to.

safetensors/f16.safetensors and bf16.safetensors hold the weights in two bytes each, buffers as they are. The output is
that of the rounded weights, everything else in full precision: as half-stored networks compute here.
"""

import copy

import torch

from .common import Float32Check, Output, Random, encode
from .exchange import SEQUENTIAL, sequential
from .modules import fill
from .safetensors import serialize


def write(output: Output) -> None:
    check, cases = Float32Check(2e-6), []
    for name, dtype in [("f16", torch.float16), ("bf16", torch.bfloat16)]:
        random = Random(f"halves {name}")
        net = sequential(SEQUENTIAL)
        fill(net, random)
        net.eval()
        # Some weights are so small that float16 has few digits left for them, or none.
        with torch.no_grad():
            net[0].weight[0] *= 1e-5
            net[0].weight[1, 0] *= 1e-8
        before = {key: value.clone() for key, value in net.state_dict().items()}
        weights = {key: value.detach().to(dtype) for key, value in net.named_parameters()}
        with torch.no_grad():
            for key, value in net.named_parameters():
                value.copy_(weights[key].float())
        x = random.normal([3, 2, 9, 9])
        with torch.no_grad():
            golden = copy.deepcopy(net).double()(x.double())
            check.compare(name, golden, net(x))
        file = f"safetensors/{name}.safetensors"
        output.file(file, serialize({**net.state_dict(), **weights}, {"format": "pt"}), f"weights in {name}")
        case = {"name": name, "file": file, "input": encode(x), "output": encode(golden.float())}
        full = {key: encode(value.float()) for key, value in before.items()}
        cases.append({**case, "state": full, "architecture": SEQUENTIAL})
    output.json("halves.json", cases, str(check))
