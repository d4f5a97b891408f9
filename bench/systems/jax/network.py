"""A workload's network, loss and optimiser as functions of arrays, with channels last; the twin of ../../workloads.mjs."""

import jax
import jax.numpy as jnp
import numpy
from jax import lax

from values import fill


def shape_of(kind, sizes):
    """The shape of a layer's weight as PyTorch has it, and how many biases; None for layers that begin as ones."""
    if kind == "linear":
        return (sizes[1], sizes[0]), sizes[1]
    if kind == "conv":
        return (sizes[1], sizes[0], sizes[2], sizes[2]), sizes[1] if len(sizes) < 5 or sizes[4] else 0
    if kind == "convx":
        return (sizes[1], sizes[0] // sizes[5], sizes[2], sizes[2]), sizes[1]
    if kind == "convt":
        return (sizes[0], sizes[1], sizes[2], sizes[2]), sizes[1]
    if kind == "conv1d":
        return (sizes[1], sizes[0], sizes[2]), sizes[1]
    if kind == "maxout":
        return (sizes[1] * sizes[2], sizes[0]), sizes[1] * sizes[2]
    if kind == "embedding":
        return (sizes[0], sizes[1]), 0
    return None


def laid_out(kind, weight):
    """Weights in the order that suits channels last."""
    if kind in ("linear", "maxout"):
        return weight.T
    if kind in ("conv", "convx"):
        return weight.transpose(2, 3, 1, 0)
    if kind == "convt":
        return weight[:, :, ::-1, ::-1].transpose(2, 3, 0, 1)
    return weight.transpose(2, 1, 0) if kind == "conv1d" else weight


PARTS = ("residual", "join")


def several(kind, sizes):
    """Names and shapes of the parameters of layers that have more than a weight and biases, and inputs of a unit."""
    if kind == "lstm":
        rows = 4 * sizes[1]
        return {"input": (rows, sizes[0]), "hidden": (rows, sizes[1]), "bias": (rows,), "more": (rows,)}, sizes[1]
    features = sizes[0]
    rows = 3 * features
    return {"in": (rows, features), "bias": (rows,), "out": (features, features), "after": (features,)}, features


def first_of(kind, sizes, i):
    """Parameters and statistics of the layer that is counted as i."""
    if kind in ("batchnorm", "layernorm", "channelnorm"):
        state = {"mean": jnp.zeros(sizes[0]), "variance": jnp.ones(sizes[0])} if kind == "batchnorm" else {}
        return {"weight": jnp.ones(sizes[0]), "bias": jnp.zeros(sizes[0])}, state
    if kind in ("lstm", "attention"):
        shapes, inputs = several(kind, sizes)
        numbers = lambda shape, j: fill(int(numpy.prod(shape)), 2 * i + 1 + j, 2 / numpy.sqrt(inputs)).reshape(shape)
        return {name: jnp.asarray(numbers(shape, j)) for j, (name, shape) in enumerate(shapes.items())}, {}
    shaped = shape_of(kind, sizes)
    if shaped is None:
        return {}, {}
    shape, biases = shaped
    scale = 2 / numpy.sqrt(numpy.prod(shape[1:]))
    weight = fill(int(numpy.prod(shape)), 2 * i + 1, scale).reshape(shape)
    own = {"weight": jnp.asarray(laid_out(kind, weight))}
    if biases:
        own["bias"] = jnp.asarray(fill(biases, 2 * i + 2, scale))
    return own, {}


def first_parameters(workload):
    count = iter(range(10**6))

    def of(layers):
        both = [of(sizes) if kind in PARTS else first_of(kind, sizes, next(count)) for kind, *sizes in layers]
        return [own for own, _ in both], [state for _, state in both]

    return of(workload["layers"])


def convolve(x, own, padding, stride=1, groups=1, dilated=1):
    rank = x.ndim - 2
    spec = ("NHWC", "HWIO", "NHWC") if rank == 2 else ("NHC", "HIO", "NHC")
    y = lax.conv_general_dilated(
        x,
        own["weight"],
        (stride,) * rank,
        [(padding, padding)] * rank,
        lhs_dilation=(dilated,) * rank,
        feature_group_count=groups,
        dimension_numbers=spec,
    )
    return y + own["bias"] if "bias" in own else y


def normalise(x, own, state, training):
    axes = tuple(range(x.ndim - 1))
    if not training:
        mean, variance = state["mean"], state["variance"]
    else:
        mean, variance = x.mean(axes), x.var(axes)
        count = x.size // x.shape[-1]
        state = {
            "mean": 0.9 * state["mean"] + 0.1 * mean,
            "variance": 0.9 * state["variance"] + 0.1 * variance * count / (count - 1),
        }
    return (x - mean) * lax.rsqrt(variance + 1e-5) * own["weight"] + own["bias"], state


def pool(x, size):
    window = (1, size, size, 1)
    return lax.reduce_window(x, -jnp.inf, lax.max, window, window, "VALID")


def flatten(x, channels_last):
    """In the order of channels first."""
    return (jnp.moveaxis(x, -1, 1) if channels_last else x).reshape(x.shape[0], -1)


def long_short_term(x, own):
    """Outputs of all steps; gates in PyTorch's order: input, forget, cell, output."""
    gates = x @ own["input"].T + own["bias"]

    def step(carry, now):
        h, c = carry
        i, f, g, o = jnp.split(now + h @ own["hidden"].T + own["more"], 4, -1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    zeros = jnp.zeros((x.shape[0], own["hidden"].shape[1]))
    return jnp.moveaxis(lax.scan(step, (zeros, zeros), jnp.moveaxis(gates, 1, 0))[1], 0, 1)


def attend(x, own, heads):
    n, length, features = x.shape
    apart = lambda y: y.reshape(n, length, heads, -1).transpose(0, 2, 1, 3)
    q, k, v = map(apart, jnp.split(x @ own["in"].T + own["bias"], 3, -1))
    shares = jax.nn.softmax(q @ k.transpose(0, 1, 3, 2) / numpy.sqrt(features // heads))
    return (shares @ v).transpose(0, 2, 1, 3).reshape(x.shape) @ own["out"].T + own["after"]


def layer(workload, kind, sizes, x, own, state, key, training):
    if kind == "linear":
        return x @ own["weight"] + own["bias"], state
    if kind == "conv":
        return convolve(x, own, sizes[3]), state
    if kind == "convx":
        return convolve(x, own, sizes[3], sizes[4], sizes[5]), state
    if kind == "convt":
        return convolve(x, own, sizes[2] - 1 - sizes[3], dilated=sizes[4]), state
    if kind == "conv1d":
        return convolve(x, own, sizes[3], sizes[4]), state
    if kind == "embedding":
        return own["weight"][x], state
    if kind == "maxout":
        return (x @ own["weight"] + own["bias"]).reshape(x.shape[0], -1, sizes[2]).max(-1), state
    if kind == "batchnorm":
        return normalise(x, own, state, training)
    if kind == "lstm":
        return long_short_term(x, own), state
    if kind == "attention":
        return attend(x, own, sizes[1]), state
    if kind == "last":
        return x[:, -1], state
    if kind in ("layernorm", "channelnorm"):
        mean, variance = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
        return (x - mean) * lax.rsqrt(variance + 1e-5) * own["weight"] + own["bias"], state
    if kind == "dropout":
        kept = jax.random.bernoulli(key, 1 - sizes[0], x.shape) if training else None
        return x if kept is None else jnp.where(kept, x / (1 - sizes[0]), 0), state
    if kind == "pool":
        return pool(x, sizes[0]), state
    if kind == "gap":
        return x.mean((1, 2), keepdims=True), state
    if kind == "flatten":
        return flatten(x, "tokens" not in workload), state
    plain = {"relu": jax.nn.relu, "sigmoid": jax.nn.sigmoid, "gelu": lambda y: jax.nn.gelu(y, approximate=False)}
    return plain[kind](x), state


def forward(workload, parameters, statistics, x, key, training):
    return through(workload, workload["layers"], parameters, statistics, x, key, training)


def through(workload, layers, parameters, statistics, x, key, training):
    states = []
    for i, (kind, *sizes) in enumerate(layers):
        if kind in PARTS:
            y, state = through(workload, sizes, parameters[i], statistics[i], x, key, training)
            x = x + y if kind == "residual" else jnp.concatenate([x, y], -1)
        else:
            own_key = jax.random.fold_in(key, i) if kind == "dropout" and training else None
            x, state = layer(workload, kind, sizes, x, parameters[i], statistics[i], own_key, training)
        states.append(state)
    return x, states


def cost(workload, y, t):
    if workload["classes"] == 0:
        return jnp.mean((y - t) ** 2)
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(y), t[:, None], 1))


def first_slots(workload, parameters):
    zeros = jax.tree.map(jnp.zeros_like, parameters)
    if workload["optimizer"]["name"] == "adam":
        return {"mean": zeros, "square": jax.tree.map(jnp.zeros_like, parameters), "count": jnp.zeros((), jnp.int32)}
    return zeros if workload["optimizer"].get("momentum", 0) else {}


def update(workload, parameters, gradients, slots):
    settings = workload["optimizer"]
    lr, decay = settings["lr"], settings.get("weightDecay", 0)
    if decay:
        gradients = jax.tree.map(lambda g, w: g + decay * w, gradients, parameters)
    if settings["name"] == "adam":
        count = slots["count"] + 1
        mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, slots["mean"], gradients)
        square = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, slots["square"], gradients)
        first, second = 1 - 0.9**count, 1 - 0.999**count
        change = lambda w, m, v: w - lr * (m / first) / (jnp.sqrt(v / second) + 1e-8)
        return jax.tree.map(change, parameters, mean, square), {"mean": mean, "square": square, "count": count}
    momentum = settings.get("momentum", 0)
    if momentum:
        slots = gradients = jax.tree.map(lambda v, g: momentum * v + g, slots, gradients)
    return jax.tree.map(lambda w, g: w - lr * g, parameters, gradients), slots


def batch_of(workload):
    shape = [workload["batch"], *workload["input"]]
    count = int(numpy.prod(shape))
    if "tokens" in workload:
        x = (numpy.arange(count) * 7919 % workload["tokens"]).astype(numpy.int32).reshape(shape)
    else:
        x = fill(count, 0, 1).reshape(shape)
        x = numpy.moveaxis(x, 1, -1) if len(shape) > 2 else x
    if workload["classes"] > 0:
        t = (numpy.arange(shape[0]) * 7 % workload["classes"]).astype(numpy.int32)
    else:
        t = fill(shape[0], 99, 1).reshape(shape[0], 1)
    return jnp.asarray(x), jnp.asarray(t)
