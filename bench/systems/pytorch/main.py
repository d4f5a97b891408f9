"""PyTorch as a measured system: the same protocol as the others (lib/child.mjs). The last argument is the job."""

import ctypes
import json
import os
import re
import sys
import tempfile
import time

STARTED = time.perf_counter()

import torch
from torch import nn

from network import batch_of, build, optimizer_of
from protocol import CHECKED, chosen, say, serve
from values import fill

def blas():
    """The library that multiplies matrices, and the kind of processor that it has chosen its code for."""
    with open("/proc/self/maps") as file:
        maps = file.read()
    found = re.search(r"\S*libopenblas\S*", maps)
    if found:
        library = ctypes.CDLL(found[0])
        library.openblas_get_corename.restype = ctypes.c_char_p
        return f"OpenBLAS for {library.openblas_get_corename().decode()}"
    return "MKL" if "mkl_core" in maps or torch.backends.mkl.is_available() else "no OpenBLAS"


def printed(verbose, pattern, work):
    """What a library prints of itself while it works, which is all that it tells of the instructions that it has chosen."""
    sys.stdout.flush()
    kept = os.dup(1)
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 1)
        try:
            with verbose(1):
                work()
        finally:
            ctypes.CDLL(None).fflush(None)
            os.dup2(kept, 1)
            os.close(kept)
        file.seek(0)
        found = re.search(pattern, file.read().decode())
    return found[1].strip() if found else "unknown instructions"


def kernels():
    libraries = [blas()]
    small = torch.ones(16, 16, 16, 16)
    if torch.backends.mkl.is_available():
        libraries[0] = "MKL for " + printed(torch.backends.mkl.verbose, r"architecture (.*?)(?: enabled)?(?: processors| instructions)?, Lnx", lambda: small @ small)
    if torch.backends.mkldnn.is_available():
        conv = lambda: nn.functional.conv2d(small, small[:, :, :3, :3].contiguous())
        libraries.append("oneDNN for " + printed(torch.backends.mkldnn.verbose, r"cpu,isa:(.*)", conv))
    return libraries


def about():
    capability = re.search(r"CPU capability usage: (\S+)", torch.__config__.show())
    own = f"own kernels for {capability[1] if capability else '?'}"
    version = f"PyTorch {torch.__version__} ({'; '.join([*kernels(), own])}{chosen()})"
    return {"version": version, "threads": torch.get_num_threads()}


def training_step(workload, net, cost, x, t, compiled=False):
    optimizer = optimizer_of(workload, net)

    def loss_of(x, t):
        return cost(net(x), t)

    update = optimizer.step
    if compiled:
        loss_of, update = torch.compile(loss_of), torch.compile(update)

    def step():
        optimizer.zero_grad(set_to_none=True)
        value = loss_of(x, t)
        value.backward()
        update()
        return value

    return step


def criterion(workload):
    return nn.CrossEntropyLoss() if workload["classes"] > 0 else nn.MSELoss()


def steps(job):
    workload = job["workload"]
    net, cost = build(workload), criterion(workload)
    x, t = batch_of(workload)
    if job.get("channelsLast"):
        net, x = net.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
    compiled = job.get("compile", False)
    net.eval()
    with torch.inference_mode():
        said = {**about(), "evaluation": cost(net(x), t).item()}
        if workload.get("inference"):
            forward = torch.compile(net) if compiled else net
            return serve(said, lambda: forward(x).numpy())
    net.train()
    step = training_step(workload, net, cost, x, t, compiled)
    said["losses"] = [step().item() for _ in range(CHECKED)]
    return serve(said, step)


def matmul(job):
    rows, columns, inner = job["rows"], job["columns"], job["inner"]
    a = torch.from_numpy(fill(rows * inner, 1, 1)).reshape(rows, inner)
    b = torch.from_numpy(fill(inner * columns, 2, 1)).reshape(inner, columns)
    c = torch.empty(rows, columns)
    with torch.inference_mode():
        serve(about(), lambda: torch.matmul(a, b, out=c))


def products(job):
    """Shortest milliseconds of several matrix products, `seconds` long each."""
    times = []
    with torch.inference_mode():
        for rows, columns, inner in job["sizes"]:
            a, b, c = torch.rand(rows, inner), torch.rand(inner, columns), torch.empty(rows, columns)
            best = float("inf")
            end = time.perf_counter() + job["seconds"]
            while time.perf_counter() < end:
                begin = time.perf_counter()
                torch.matmul(a, b, out=c)
                best = min(best, time.perf_counter() - begin)
            times.append(best * 1000)
    say({**about(), "milliseconds": times})


def idle(_job):
    """What a process needs that has imported everything and does nothing."""
    serve(about(), lambda: None)


def start(job):
    """From nothing to the first finished step, in milliseconds; its import began with this file."""
    importing = time.perf_counter()
    workload = job["workload"]
    net, cost = build(workload), criterion(workload)
    x, t = batch_of(workload)
    building = time.perf_counter()
    step = training_step(workload, net, cost, x, t)
    step().item()
    running = time.perf_counter()
    times = {"total": running - STARTED, "importing": importing - STARTED}
    times |= {"building": building - importing, "running": running - building}
    say({name: seconds * 1000 for name, seconds in times.items()})


job = json.loads(sys.argv[-1])
if "threads" in job:
    torch.set_num_threads(job["threads"])
TASKS = {"steps": steps, "matmul": matmul, "products": products, "idle": idle, "start": start}
TASKS[job["task"]](job)
