"""What measured systems in Python have in common: the other side is lib/child.mjs."""

import json
import os
import statistics
import sys
import time

# Steps whose losses are compared between systems.
CHECKED = 4

# Variables that would choose kernels or a number of threads for the libraries at hand.
CHOOSING = ("OPENBLAS_", "MKL_", "OMP_", "KMP_", "GOMP_", "DNNL_", "ONEDNN_", "ATEN_", "XLA_")


def chosen():
    """Those of them that are set: a line of results says so."""
    names = sorted(name for name in os.environ if name.startswith(CHOOSING) and not name.endswith("NUM_THREADS"))
    return "".join(f", {name}={os.environ[name]}" for name in names)


def say(value):
    print(json.dumps(value), flush=True)


def serve(said, step):
    say(said)
    for line in sys.stdin:
        end = time.perf_counter() + float(line)
        times = []
        now = time.perf_counter()
        while now < end:
            step()
            then = time.perf_counter()
            times.append((then - now) * 1000)
            now = then
        say({"min": min(times), "median": statistics.median(times), "steps": len(times)})
