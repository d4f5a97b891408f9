"""JAX as a measured system: whole steps under `jit`, which gives its arguments away. The last argument is the job."""

import json
import os
import sys

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "pytorch"))
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import numpy

from network import batch_of, cost, first_parameters, first_slots, forward, update
from protocol import CHECKED, chosen, serve

jax.config.update("jax_default_prng_impl", "rbg")  # The faster of its generators.


def about():
    with open("/proc/cpuinfo") as file:
        widest = "AVX-512" if "avx512f" in file.read() else "AVX2 or less"
    return {"version": f"JAX {jax.__version__} (XLA for the processor at hand, {widest}{chosen()})", "threads": os.cpu_count()}


def steps(job):
    workload = job["workload"]
    parameters, statistics = first_parameters(workload)
    x, t = batch_of(workload)
    key = jax.random.key(1)

    @jax.jit
    def evaluate(parameters, statistics, x, t):
        return cost(workload, forward(workload, parameters, statistics, x, key, False)[0], t)

    said = {**about(), "evaluation": float(evaluate(parameters, statistics, x, t))}
    if workload.get("inference"):
        predict = jax.jit(lambda parameters, x: forward(workload, parameters, statistics, x, key, False)[0])
        return serve(said, lambda: numpy.asarray(predict(parameters, x)))

    def train(state, x, t):
        parameters, statistics, slots, key = state
        key, mine = jax.random.split(key)

        def loss_of(parameters):
            y, after = forward(workload, parameters, statistics, x, mine, True)
            return cost(workload, y, t), after

        (value, after), gradients = jax.value_and_grad(loss_of, has_aux=True)(parameters)
        parameters, slots = update(workload, parameters, gradients, slots)
        return (parameters, after, slots, key), value

    train = jax.jit(train, donate_argnums=0)
    state = (parameters, statistics, first_slots(workload, parameters), key)

    def step():
        nonlocal state
        state, value = train(state, x, t)
        return value.block_until_ready()

    said["losses"] = [float(step()) for _ in range(CHECKED)]
    return serve(said, step)


job = json.loads(sys.argv[-1])
if job["task"] != "steps":
    sys.exit(f"NotImplementedError: {job['task']} is not measured with JAX")
steps(job)
