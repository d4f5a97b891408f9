"""Tidu's layer names and options as PyTorch modules."""

import math

import torch
from torch import nn

from .common import Random


class Maxout(nn.Linear):
    """The largest of k linear pieces; unit j owns pieces j*k .. j*k+k-1."""

    def __init__(self, inputs: int, outputs: int, k: int):
        super().__init__(inputs, outputs * k)
        self.k = k

    def forward(self, x):
        return super().forward(x).unflatten(-1, (-1, self.k)).max(-1).values


class MaxoutChannels(nn.Module):
    """The largest of k neighbouring channels; output channel j owns channels j*k .. j*k+k-1."""

    def __init__(self, k: int):
        super().__init__()
        self.k = k

    def forward(self, x):
        return x.unflatten(1, (-1, self.k)).max(2).values


def _conv(module):
    return lambda o: module(
        o["inChannels"],
        o["outChannels"],
        o["kernelSize"],
        stride=o.get("stride", 1),
        padding=o.get("padding", 0),
        dilation=o.get("dilation", 1),
        groups=o.get("groups", 1),
        bias=o.get("bias", True),
    )


def _conv_transpose(o):
    return nn.ConvTranspose2d(
        o["inChannels"],
        o["outChannels"],
        o["kernelSize"],
        stride=o.get("stride", 1),
        padding=o.get("padding", 0),
        output_padding=o.get("outputPadding", 0),
        groups=o.get("groups", 1),
        bias=o.get("bias", True),
        dilation=o.get("dilation", 1),
    )


def _batch_norm(module):
    return lambda o: module(
        o["features"], eps=o.get("eps", 1e-5), momentum=o.get("momentum", 0.1), affine=o.get("affine", True)
    )


MODULES = {
    "linear": lambda o: nn.Linear(o["inFeatures"], o["outFeatures"], bias=o.get("bias", True)),
    "conv1d": _conv(nn.Conv1d),
    "conv2d": _conv(nn.Conv2d),
    "convTranspose2d": _conv_transpose,
    "maxPool2d": lambda o: nn.MaxPool2d(o["kernelSize"], o.get("stride"), o.get("padding", 0)),
    "avgPool2d": lambda o: nn.AvgPool2d(
        o["kernelSize"], o.get("stride"), o.get("padding", 0), count_include_pad=o.get("countIncludePad", True)
    ),
    "globalAvgPool": lambda o: nn.AdaptiveAvgPool2d(1),
    "relu": lambda o: nn.ReLU(),
    "leakyRelu": lambda o: nn.LeakyReLU(o["slope"]),
    "elu": lambda o: nn.ELU(o["alpha"]),
    "sigmoid": lambda o: nn.Sigmoid(),
    "tanh": lambda o: nn.Tanh(),
    "softplus": lambda o: nn.Softplus(),
    "gelu": lambda o: nn.GELU(),
    "silu": lambda o: nn.SiLU(),
    "softmax": lambda o: nn.Softmax(o["dim"]),
    "logSoftmax": lambda o: nn.LogSoftmax(o["dim"]),
    "flatten": lambda o: nn.Flatten(o.get("startDim", 1)),
    "dropout": lambda o: nn.Dropout(o["p"]),
    "batchNorm1d": _batch_norm(nn.BatchNorm1d),
    "batchNorm2d": _batch_norm(nn.BatchNorm2d),
    "layerNorm": lambda o: nn.LayerNorm(
        o["normalizedShape"], eps=o.get("eps", 1e-5), elementwise_affine=o.get("affine", True)
    ),
    "embedding": lambda o: nn.Embedding(o["count"], o["features"]),
    "maxout": lambda o: Maxout(o["inFeatures"], o["outFeatures"], o["k"]),
    "maxoutChannels": lambda o: MaxoutChannels(o["k"]),
}


def build(layer: str, options: dict) -> nn.Module:
    return MODULES[layer](options)


def fill(module: nn.Module, random: Random) -> None:
    """Gives every parameter and buffer float32 values from `random`, in the order of the state dict."""
    state = {}
    for name, old in module.state_dict().items():
        if name.endswith("num_batches_tracked"):
            state[name] = torch.tensor(3)
        elif name.endswith("running_var"):
            state[name] = random.uniform(old.shape, 0.5, 2.0)
        elif name.endswith("running_mean"):
            state[name] = random.normal(old.shape, 0.5)
        elif old.dim() == 1:
            state[name] = random.normal(old.shape, 0.5)
        else:
            state[name] = random.normal(old.shape, 1 / math.sqrt(old[0].numel()))
    module.load_state_dict(state)
