"""families.json: what whole networks come to, in few numbers: a U-Net, ResNet-18 and MobileNetV2 over three updates, and a
transformer and an LSTM that learn this project's license by heart. Parameters and data are a formula's, so that they need no file."""

import math
from pathlib import Path

import numpy
import torch
from torch import nn
from torch.nn import functional as F

from .common import Output

TEXT = Path(__file__).parents[3] / "LICENSE"


def noise(shape, k):
    """Numbers in [-1, 1) that other programs can make: the digits of sines."""
    x = numpy.sin(numpy.arange(math.prod(shape), dtype=numpy.float64) * 12.9898 + k * 78.233 + 0.5) * 43758.5453
    return torch.from_numpy(((x - numpy.floor(x)) * 2 - 1).astype(numpy.float32)).reshape(shape)


def fill(net):
    """Gives a network its parameters, each by its place among the sorted names."""
    parameters = dict(net.named_parameters())
    with torch.no_grad():
        for k, name in enumerate(sorted(parameters)):
            p = parameters[name]
            if p.dim() > 1:
                p.copy_(noise(p.shape, k) * math.sqrt(3 / math.prod(p.shape[1:])))
            else:
                p.copy_(noise(p.shape, k) * 0.1 + (1 if "norm" in name and name.endswith("weight") else 0))
    return net


class Unit(nn.Module):
    """A convolution without bias, its normalization, and an activation."""

    def __init__(self, a, b, kernel, stride=1, groups=1, act=None):
        super().__init__()
        self.conv = nn.Conv2d(a, b, kernel, stride, kernel // 2, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(b)
        self.act = act or (lambda x: x)

    def forward(self, x):
        return self.act(self.norm(self.conv(x)))


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1, self.down2, self.middle = Unit(3, 8, 3, act=F.relu), Unit(8, 16, 3, act=F.relu), Unit(16, 32, 3, act=F.relu)
        self.up2, self.join2 = nn.ConvTranspose2d(32, 16, 2, 2), Unit(32, 16, 3, act=F.relu)
        self.up1, self.join1 = nn.ConvTranspose2d(16, 8, 2, 2), Unit(16, 8, 3, act=F.relu)
        self.head = nn.Conv2d(8, 3, 1)

    def forward(self, x):
        a = self.down1(x)
        b = self.down2(F.max_pool2d(a, 2))
        c = self.middle(F.max_pool2d(b, 2))
        b = self.join2(torch.cat([self.up2(c), b], 1))
        a = self.join1(torch.cat([self.up1(b), a], 1))
        return self.head(a)


class Basic(nn.Module):
    def __init__(self, a, b, stride):
        super().__init__()
        self.first, self.second = Unit(a, b, 3, stride, act=F.relu), Unit(b, b, 3)
        if stride != 1 or a != b:
            self.short = Unit(a, b, 1, stride)

    def forward(self, x):
        return F.relu(self.second(self.first(x)) + (self.short(x) if hasattr(self, "short") else x))


class ResNet18(nn.Module):
    """He et al., 2016, a quarter as wide."""

    def __init__(self):
        super().__init__()
        self.stem = Unit(3, 16, 7, 2, act=F.relu)
        widths = [16, 16, 32, 64, 128]
        self.blocks = nn.ModuleList(
            block
            for i in range(4)
            for block in (Basic(widths[i], widths[i + 1], 1 if i == 0 else 2), Basic(widths[i + 1], widths[i + 1], 1))
        )
        self.head = nn.Linear(128, 10)

    def forward(self, x):
        x = F.max_pool2d(self.stem(x), 3, 2, 1)
        for block in self.blocks:
            x = block(x)
        return self.head(x.mean([2, 3]))


class Inverted(nn.Module):
    def __init__(self, a, b, stride, widen):
        super().__init__()
        if widen != 1:
            self.expand = Unit(a, a * widen, 1, act=F.relu6)
        self.depth = Unit(a * widen, a * widen, 3, stride, a * widen, F.relu6)
        self.project = Unit(a * widen, b, 1)
        self.keeps = stride == 1 and a == b

    def forward(self, x):
        y = self.project(self.depth(self.expand(x) if hasattr(self, "expand") else x))
        return x + y if self.keeps else y


class MobileNetV2(nn.Module):
    """Sandler et al., 2018, a quarter as wide."""

    def __init__(self):
        super().__init__()
        self.stem = Unit(3, 8, 3, 2, act=F.relu6)
        rows = [(1, 4, 1, 1), (6, 6, 2, 2), (6, 8, 3, 2), (6, 16, 4, 2), (6, 24, 3, 1), (6, 40, 3, 2), (6, 80, 1, 1)]
        blocks, a = [], 8
        for widen, b, count, stride in rows:
            for i in range(count):
                blocks.append(Inverted(a, b, stride if i == 0 else 1, widen))
                a = b
        self.blocks = nn.ModuleList(blocks)
        self.last = Unit(80, 160, 1, act=F.relu6)
        self.head = nn.Linear(160, 10)

    def forward(self, x):
        x = self.stem(x)
        for block in self.blocks:
            x = block(x)
        return self.head(self.last(x).mean([2, 3]))


def three_updates(name, make, size, samples, dense, rate):
    """Three steps of SGD with momentum, in float64; PyTorch's own float32 must come to the same."""
    case, own = (_three_updates(make, size, samples, dense, rate, dtype) for dtype in (torch.float64, torch.float32))
    for a, b in zip(case["losses"], own["losses"]):
        assert abs(a / b - 1) < 1e-4, f"{name}: {a} in float64, {b} in float32"
    return {"name": name, "rate": rate, **case}


def _three_updates(make, size, samples, dense, rate, dtype):
    net = fill(make()).to(dtype)
    x = noise([samples, 3, size, size], 1000).to(dtype)
    count = samples * size * size if dense else samples
    t = torch.arange(count) * 7 % (3 if dense else 10)
    t = t.reshape([samples, size, size]) if dense else t
    net.eval()
    before = net(x).detach()
    net.train()
    optimizer = torch.optim.SGD(net.parameters(), lr=rate, momentum=0.9)
    losses = []
    for _ in range(3):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x), t)
        loss.backward()
        optimizer.step()
        losses.append(float(loss))
    net.eval()
    after = net(x).detach()
    return {
        "losses": losses,
        "before": summary(before),
        "after": summary(after),
        "norms": {n: float(p.norm()) for n, p in sorted(net.named_parameters())},
    }


def summary(y):
    """A few elements and the norm."""
    flat = y.reshape(-1)
    step = max(len(flat) // 12, 1)
    return {"norm": float(flat.norm()), "step": step, "some": [float(v) for v in flat[::step][:12]]}


class Positions(nn.Module):
    def __init__(self, length, width):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(length, width))

    def forward(self, x):
        return x + self.weight[: x.shape[1]]


class Transformer(nn.Module):
    def __init__(self, letters, length):
        super().__init__()
        self.embed, self.positions = nn.Embedding(letters, 32), Positions(length, 32)
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(32, 4, 64, dropout=0, batch_first=True, norm_first=True) for _ in range(2)
        )
        self.norm, self.head = nn.LayerNorm(32), nn.Linear(32, letters)

    def forward(self, x):
        mask = torch.full([x.shape[1]] * 2, -torch.inf).triu(1).to(self.head.weight.dtype)
        y = self.positions(self.embed(x))
        for block in self.blocks:
            y = block(y, mask)
        return self.head(self.norm(y))


class Lstm(nn.Module):
    def __init__(self, letters, _):
        super().__init__()
        self.embed, self.lstm, self.head = nn.Embedding(letters, 16), nn.LSTM(16, 64, batch_first=True), nn.Linear(64, letters)

    def forward(self, x):
        return self.head(self.lstm(self.embed(x))[0])


def text():
    """The text as numbers of its letters, which are in the order of their codes."""
    content = TEXT.read_text()
    letters = sorted(set(content))
    return torch.tensor([letters.index(c) for c in content]), len(letters)


def learn(name, make, steps, length, rate):
    codes, letters = text()
    net = fill(make(letters, length))
    optimizer = torch.optim.Adam(net.parameters(), lr=rate)
    losses = []
    for step in range(steps):
        starts = [(step * 16 + j) * 37 % (len(codes) - length - 1) for j in range(16)]
        x = torch.stack([codes[s : s + length] for s in starts])
        t = torch.stack([codes[s + 1 : s + length + 1] for s in starts])
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x).reshape(-1, letters), t.reshape(-1))
        loss.backward()
        optimizer.step()
        losses.append(float(loss))
    print(f"{name}: loss {losses[0]:.3f} at first, {sum(losses[-10:]) / 10:.3f} over the last ten of {steps} steps")
    return {"name": name, "steps": steps, "length": length, "rate": rate, "losses": losses[:3], "last": sum(losses[-10:]) / 10}


def write(output: Output) -> None:
    cases = [
        three_updates("U-Net", UNet, 16, 2, True, 0.01),
        three_updates("ResNet-18", ResNet18, 64, 4, False, 0.01),
        three_updates("MobileNetV2", MobileNetV2, 64, 4, False, 0.001),
        learn("transformer", Transformer, 200, 24, 0.01),
        learn("LSTM", Lstm, 200, 16, 0.01),
    ]
    output.json("families.json", cases)
