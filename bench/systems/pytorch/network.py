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


LAYERS = {
    "linear": nn.Linear,
    "conv": lambda i, o, k, p, bias=True: nn.Conv2d(i, o, k, padding=p, bias=bias),
    "pool": nn.MaxPool2d,
    "batchnorm": nn.BatchNorm2d,
    "dropout": nn.Dropout,
    "maxout": Maxout,
    "relu": nn.ReLU,
    "sigmoid": nn.Sigmoid,
    "flatten": nn.Flatten,
}


def build(workload):
    layers = [LAYERS[kind](*sizes) for kind, *sizes in workload["layers"]]
    with torch.no_grad():
        for i, layer in enumerate(layers):
            layer = layer.linear if isinstance(layer, Maxout) else layer
            if not isinstance(layer, (nn.Linear, nn.Conv2d)):
                continue
            scale = 2 / numpy.sqrt(layer.weight[0].numel())
            for j, value in enumerate(layer.parameters()):
                numbers = fill(value.numel(), 2 * i + 1 + j, scale)
                value.copy_(torch.from_numpy(numbers).reshape(value.shape))
    return nn.Sequential(*layers)


def batch_of(workload):
    batch, classes = workload["batch"], workload["classes"]
    shape = [batch, *workload["input"]]
    x = torch.from_numpy(fill(int(numpy.prod(shape)), 0, 1)).reshape(shape)
    if classes > 0:
        return x, torch.arange(batch) * 7 % classes
    return x, torch.from_numpy(fill(batch, 99, 1)).reshape(batch, 1)


def optimizer_of(workload, net):
    settings = workload["optimizer"]
    decay = settings.get("weightDecay", 0)
    if settings["name"] == "adam":
        return torch.optim.Adam(net.parameters(), lr=settings["lr"], weight_decay=decay)
    momentum = settings.get("momentum", 0)
    return torch.optim.SGD(net.parameters(), lr=settings["lr"], momentum=momentum, weight_decay=decay)
