"""A workload's network and batch; the twin of ../../workloads.mjs."""

import numpy
import torch
from torch import nn

from values import fill


class Maxout(nn.Module):
    """Units that are the largest of neighbouring linear functions."""

    def __init__(self, inputs, outputs, pieces):
        super().__init__()
        self.linear = nn.Linear(inputs, outputs * pieces)
        self.pieces = pieces

    def forward(self, x):
        return self.linear(x).unflatten(-1, (-1, self.pieces)).max(-1).values


class Residual(nn.Sequential):
    def forward(self, x):
        return x + super().forward(x)


class Join(nn.Sequential):
    def forward(self, x):
        return torch.cat([x, super().forward(x)], 1)


class ChannelNorm(nn.LayerNorm):
    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Attention(nn.MultiheadAttention):
    def __init__(self, features, heads):
        super().__init__(features, heads, batch_first=True)

    def forward(self, x):
        return super().forward(x, x, x, need_weights=False)[0]


class Lstm(nn.LSTM):
    def __init__(self, inputs, outputs):
        super().__init__(inputs, outputs, batch_first=True)

    def forward(self, x):
        return super().forward(x)[0]


class Last(nn.Module):
    def forward(self, x):
        return x[:, -1]


PARTS = {"residual": Residual, "join": Join}

FILLED = (Attention, Lstm, nn.Linear, nn.Conv1d, nn.Conv2d, nn.ConvTranspose2d, nn.Embedding)

LAYERS = {
    "linear": nn.Linear,
    "conv": lambda i, o, k, p, bias=True: nn.Conv2d(i, o, k, padding=p, bias=bias),
    "convx": lambda i, o, k, p, stride, groups: nn.Conv2d(i, o, k, padding=p, stride=stride, groups=groups),
    "convt": lambda i, o, k, p, stride: nn.ConvTranspose2d(i, o, k, padding=p, stride=stride),
    "conv1d": lambda i, o, k, p, stride: nn.Conv1d(i, o, k, padding=p, stride=stride),
    "embedding": nn.Embedding,
    "pool": nn.MaxPool2d,
    "gap": lambda: nn.AdaptiveAvgPool2d(1),
    "batchnorm": nn.BatchNorm2d,
    "layernorm": nn.LayerNorm,
    "gelu": nn.GELU,
    "dropout": nn.Dropout,
    "maxout": Maxout,
    "relu": nn.ReLU,
    "sigmoid": nn.Sigmoid,
    "flatten": nn.Flatten,
    "channelnorm": ChannelNorm,
    "attention": Attention,
    "lstm": Lstm,
    "last": Last,
}


def made(layers, leaves):
    """Layers, some of layers; each that has none in it is put into a list."""
    found = []
    for kind, *sizes in layers:
        if kind in PARTS:
            found.append(PARTS[kind](*made(sizes, leaves)))
        else:
            found.append(LAYERS[kind](*sizes))
            leaves.append(found[-1])
    return found


def inputs_of(layer):
    """Inputs of one unit."""
    if isinstance(layer, Lstm):
        return layer.hidden_size
    return layer.embed_dim if isinstance(layer, Attention) else layer.weight[0].numel()


def build(workload):
    leaves = []
    layers = made(workload["layers"], leaves)
    with torch.no_grad():
        for i, layer in enumerate(leaves):
            layer = layer.linear if isinstance(layer, Maxout) else layer
            if not isinstance(layer, FILLED):
                continue
            scale = 2 / numpy.sqrt(inputs_of(layer))
            for j, value in enumerate(layer.parameters()):
                numbers = fill(value.numel(), 2 * i + 1 + j, scale)
                value.copy_(torch.from_numpy(numbers).reshape(value.shape))
    return nn.Sequential(*layers)


def batch_of(workload):
    batch, classes = workload["batch"], workload["classes"]
    shape = [batch, *workload["input"]]
    count = int(numpy.prod(shape))
    if "tokens" in workload:
        numbers = numpy.arange(count) * 7919 % workload["tokens"]
    else:
        numbers = fill(count, 0, 1)
    x = torch.from_numpy(numbers).reshape(shape)
    if classes > 0:
        return x, torch.arange(batch) * 7 % classes
    return x, torch.from_numpy(fill(batch, 99, 1)).reshape(batch, 1)


def optimizer_of(workload, net):
    settings = workload["optimizer"]
    kind = torch.optim.Adam if settings["name"] == "adam" else torch.optim.SGD
    options = {"lr": settings["lr"], "weight_decay": settings.get("weightDecay", 0)}
    if kind is torch.optim.SGD:
        options["momentum"] = settings.get("momentum", 0)
    try:
        return kind(net.parameters(), **options, fused=True)  # One pass over all parameters, where there is one.
    except (RuntimeError, TypeError):
        return kind(net.parameters(), **options)
