"""exchange.json: whole networks as PyTorch hands them on, with what it computes from them.

onnx/*.onnx come from torch.onnx.export, safetensors/sequential.safetensors from an nn.Sequential's state dict.
"""

import copy
import io
import warnings

import torch
from torch import nn
from torch.nn import functional as F

from .common import Float32Check, Output, Random, encode
from .modules import build, fill
from .networks import conv, layer, linear
from .safetensors import serialize


class Mixed(nn.Module):
    """A bit of everything: a residual path, layers by name, sizes worked out on the way."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(2, 6, 3, padding=1, bias=False), nn.BatchNorm2d(6), nn.ReLU6())
        self.depthwise = nn.Conv2d(6, 6, 3, padding=1, groups=6)
        self.down = nn.Conv2d(6, 4, 3, stride=2, padding=1)
        self.act = nn.PReLU(4)
        self.pool = nn.MaxPool2d(3, 2, 1, ceil_mode=True)
        self.drop = nn.Dropout(0.4)
        self.head = nn.Linear(36, 5)
        self.last = nn.Linear(5, 3)
        self.norm = nn.LayerNorm(3)

    def forward(self, x):
        y = self.stem(x)
        y = y + F.hardswish(self.depthwise(y))
        y = self.pool(self.act(self.down(y)))
        turned = y[:, 2:].transpose(2, 3).contiguous()
        y = torch.cat([y[:, :2], turned.reshape(y.shape[0], 2, y.shape[2], y.shape[3])], 1)
        y = self.head(self.drop(y).view(y.size(0), -1))
        y = F.gelu(self.norm(self.last(y.unsqueeze(1)))).mean(1)
        return torch.softmax(y, -1)


class Plain(nn.Module):
    """What the first versions of exporters already wrote."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.LeakyReLU(0.2), nn.AvgPool2d(2, padding=1),
            nn.ConvTranspose2d(4, 3, 2, stride=2), nn.ELU(), nn.ReflectionPad2d((1, 0, 0, 2)), nn.MaxPool2d(2),
        )
        self.classifier = nn.Sequential(nn.Flatten(), nn.Dropout(0.3), nn.Linear(60, 6), nn.Tanh(), nn.Linear(6, 4))

    def forward(self, x):
        return F.log_softmax(self.classifier(self.features(x)).clamp(-1, 1), dim=1)


def _onnx(net: nn.Module, x: torch.Tensor, opset: int, training: bool) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net,
            x[:1],
            file,
            opset_version=opset,
            input_names=["image"],
            output_names=["classes"],
            dynamic_axes={"image": {0: "batch"}, "classes": {0: "batch"}},
            training=torch.onnx.TrainingMode.TRAINING if training else torch.onnx.TrainingMode.EVAL,
            do_constant_folding=not training,
        )
    return file.getvalue()


# Name, network, one sample's shape, opset, and whether it is written so that it can be trained on.
ONNX = [
    ("mixed", Mixed, [2, 9, 7], 13, False),
    ("mixed-trainable", Mixed, [2, 9, 7], 13, True),
    ("plain", Plain, [1, 9, 9], 9, False),
]

SEQUENTIAL = [
    conv(2, 4, 3, stride=2, padding=1), layer("batchNorm2d", features=4), layer("relu"),
    conv(4, 6, [2, 3], groups=2, bias=False), layer("maxPool2d", kernelSize=2, stride=1), layer("flatten"),
    linear(36, 8), layer("batchNorm1d", features=8), layer("sigmoid"), linear(8, 3),
]


def sequential(architecture: list) -> nn.Sequential:
    return nn.Sequential(*[build(part["layer"], part["options"]) for part in architecture])


def _outputs(net: nn.Module, x: torch.Tensor, check: Float32Check, name: str) -> torch.Tensor:
    """In evaluation mode and float64, rounded; PyTorch's own float32 must be near."""
    net.eval()
    with torch.no_grad():
        golden = copy.deepcopy(net).double()(x.double())
        check.compare(name, golden, net(x))
    return golden.float()


def write(output: Output) -> None:
    check, cases = Float32Check(2e-6), []
    for name, make, shape, opset, training in ONNX:
        random = Random(f"onnx {name}")
        net = make()
        fill(net, random)
        x = random.normal([3, *shape])
        file = f"onnx/{name}.onnx"
        # First: to be followed in learning, the network sees a batch, which changes its running means.
        output.file(file, _onnx(net, x, opset, training), f"opset {opset}")
        golden = _outputs(net, x, check, name)
        state = list(net.state_dict()) if training else []
        cases.append({"name": name, "file": file, "input": encode(x), "output": encode(golden), "state": state})
    random = Random("sequential")
    net = sequential(SEQUENTIAL)
    fill(net, random)
    x = random.normal([3, 2, 9, 9])
    golden = _outputs(net, x, check, "sequential")
    file = "safetensors/sequential.safetensors"
    output.file(file, serialize(net.state_dict(), {"format": "pt"}), "a whole nn.Sequential")
    state = list(net.state_dict())
    case = {"name": "sequential", "file": file, "input": encode(x), "output": encode(golden), "state": state}
    cases.append({**case, "architecture": SEQUENTIAL})
    output.json("exchange.json", cases, str(check))
