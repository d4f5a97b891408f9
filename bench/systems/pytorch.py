"""One workload on PyTorch. The same protocol as tidu.mjs."""

import json
import os
import statistics
import sys
import time

import numpy
import torch
from torch import nn

name, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "..", "workloads.json")) as file:
    workload = json.load(file)[name]


def fill(count, stream, scale):
    index = numpy.arange(1, count + 1, dtype=numpy.uint64)
    mask = numpy.uint64(0xFFFFFFFF)
    bits = (index * numpy.uint64(2654435761) + numpy.uint64(stream * 40503 * 65537 % 2**32)) & mask
    mixed = ((bits ^ (bits >> numpy.uint64(15))) * numpy.uint64(2246822519)) & mask
    return ((mixed.astype(numpy.float64) / 4294967296 - 0.5) * scale).astype(numpy.float32)


LAYERS = {
    "linear": nn.Linear,
    "conv": lambda i, o, k, p: nn.Conv2d(i, o, k, padding=p),
    "pool": nn.MaxPool2d,
    "relu": nn.ReLU,
    "sigmoid": nn.Sigmoid,
    "dropout": nn.Dropout,
    "flatten": nn.Flatten,
}
net = nn.Sequential(*[LAYERS[kind](*sizes) for kind, *sizes in workload["layers"]])
with torch.no_grad():
    for j, value in enumerate(net.state_dict().values()):
        fan = int(numpy.prod(value.shape[1:])) or 1
        value.copy_(torch.from_numpy(fill(value.numel(), j + 1, 1 / fan**0.5)).reshape(value.shape))
batch, classes = workload["batch"], workload["classes"]
shape = [batch, *workload["input"]]
x = torch.from_numpy(fill(int(numpy.prod(shape)), 0, 1)).reshape(shape)
if classes > 0:
    t = torch.arange(batch) * 7 % classes
    cost = nn.CrossEntropyLoss()
else:
    t = torch.from_numpy(fill(batch, 99, 1)).reshape(batch, 1)
    cost = nn.MSELoss()
settings = workload["optimizer"]
optimizer = torch.optim.SGD(net.parameters(), lr=settings["lr"], momentum=settings.get("momentum", 0))


def step():
    optimizer.zero_grad()
    value = cost(net(x), t)
    value.backward()
    optimizer.step()
    return value


for _ in range(5):
    last = step().item()
print(json.dumps({"loss": last, "threads": threads, "version": f"PyTorch {torch.__version__}"}), flush=True)
for line in sys.stdin:
    end = time.perf_counter() + float(line)
    times = []
    while time.perf_counter() < end:
        start = time.perf_counter()
        step()
        times.append((time.perf_counter() - start) * 1000)
    print(json.dumps({"min": min(times), "median": statistics.median(times), "steps": len(times)}), flush=True)
