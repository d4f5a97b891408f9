"""PyTorch on the card, in float32 without TF32: matrix products and training steps, eager and compiled."""

import json
import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "systems", "pytorch")]

import torch
from torch import nn

from network import batch_of, build, optimizer_of

torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
SMALL = os.environ.get("GPU_SMALL") == "1"


def say(**row):
    print(json.dumps(row), flush=True)


def finish():
    if DEVICE == "cuda":
        torch.cuda.synchronize()


def each(call, seconds):
    """Milliseconds of one of many calls, as in open.mjs."""
    for _ in range(3):
        call()
    finish()
    best, count = float("inf"), 1
    end = time.perf_counter() + seconds
    while True:
        start = time.perf_counter()
        for _ in range(count):
            call()
        finish()
        taken = (time.perf_counter() - start) * 1000
        best = min(best, taken / count)
        if taken < 100:
            count = max(count + 1, min(count * 4, int(count * 100 / max(taken, 0.01))))
        if time.perf_counter() > end:
            return best


def products():
    version = f"PyTorch {torch.__version__}"
    for size in [64, 128] if SMALL else [256, 512, 1024, 2048, 4096, 8192]:
        a, b = torch.rand(size, size, device=DEVICE), torch.rand(size, size, device=DEVICE)
        c = torch.empty_like(a)
        milliseconds = each(lambda: torch.matmul(a, b, out=c), 0.05 if SMALL else 0.8)
        say(section="products", system=version, size=size, milliseconds=milliseconds, teraflops=2 * size**3 / milliseconds / 1e9)
    size = 1 << 16 if SMALL else 1 << 26
    x, y = torch.zeros(size, device=DEVICE), torch.zeros(size, device=DEVICE)
    for what, call, moved in [
        ("y = 2 x", lambda: torch.mul(x, 2, out=y), 8),
        ("sum of all", lambda: x.sum(), 4),
        ("sums of rows of 1024", lambda: x.view(-1, 1024).sum(1), 4),
        ("sums of 1024 columns", lambda: x.view(-1, 1024).sum(0), 4),
    ]:
        milliseconds = each(call, 0.4)
        say(section="memory", system=version, what=what, size=size, milliseconds=milliseconds, gigabytes=moved * size / milliseconds / 1e6)


def steps(jobs, compiled):
    system = "PyTorch, compiled" if compiled else "PyTorch, eager"
    for workload in jobs:
        said = {"section": "steps", "system": system, "workload": workload["name"], "batch": workload["batch"]}
        try:
            begin = time.perf_counter()
            net = build(workload).to(DEVICE)
            cost = nn.CrossEntropyLoss() if workload["classes"] > 0 else nn.MSELoss()
            optimizer = optimizer_of(workload, net)
            x, t = (v.to(DEVICE) for v in batch_of(workload))
            forward = torch.compile(lambda x, t: cost(net(x), t)) if compiled else lambda x, t: cost(net(x), t)

            def step():
                optimizer.zero_grad(set_to_none=True)
                value = forward(x, t)
                value.backward()
                optimizer.step()
                return value

            losses = [step().item() for _ in range(4)]
            starting = (time.perf_counter() - begin) * 1000
            say(**said, milliseconds=each(step, 0.05 if SMALL else 1.2), starting=starting, losses=losses)
        except Exception as error:
            say(**said, failed=str(error)[:300])


task, jobs = sys.argv[1], json.loads(sys.argv[2])
products() if task == "products" else steps(jobs, task == "compiled")
