"""Makes ../keras3.json: functional models of Keras 3 as model.json, with what Keras computes from them.

python3 -m venv VENV && VENV/bin/pip install keras jax, then VENV/bin/python test/goldens/tfjs/keras3.py. Topologies are
Keras' own (`model.to_json`). Weights have the names by which Keras 3 saves them in HDF5 (`shared/kernel`), or the numbers by
which TensorFlow.js knows those of its newer files (`shared/0`).
"""

import base64
import json
import os
import zlib

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import layers, ops


def several():
    """Two inputs, a shared layer, sums, joins, and two outputs."""
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    shared = layers.Dense(5, activation="relu", name="shared")
    x, y = shared(a), shared(b)
    both = layers.Concatenate(name="both")([x, y])
    product = layers.Multiply(name="product")([x, y])
    left = layers.Dense(3, activation="softmax", name="left")(layers.Add(name="sum")([product, y]))
    right = layers.Dense(2, name="right")(layers.Concatenate(name="all")([both, b]))
    return keras.Model([a, b], [left, right], name="several"), [left, right]


def residual():
    """Convolutions around which a value is added, by a layer and by an operator."""
    x = image = keras.Input((8, 6, 3), name="image")
    for i in range(2):
        y = layers.Conv2D(6, 3, padding="same", use_bias=False, name=f"conv{i}")(x)
        y = layers.BatchNormalization(name=f"norm{i}")(y)
        y = layers.ReLU(name=f"relu{i}")(y)
        y = layers.DepthwiseConv2D(3, padding="same", name=f"depthwise{i}")(y)
        short = layers.Conv2D(6, 1, name=f"short{i}")(x)
        x = layers.Add(name=f"plus{i}")([short, y]) if i == 0 else y + short
        x = layers.MaxPooling2D(2, padding="same", name=f"pool{i}")(x)
    z = layers.SeparableConv2D(4, 2, name="separable")(x)
    out = layers.Dense(3, name="scores")(layers.Dropout(0.5, name="drop")(layers.GlobalAveragePooling2D(name="mean")(z)))
    return keras.Model(image, out, name="residual"), [out]


def inside():
    """Models inside: one called twice, one of layers in a row."""
    value = keras.Input((5,), name="value")
    block = keras.Model(value, layers.Add(name="back")([layers.Dense(5, activation="tanh", name="turn")(value), value]), name="block")
    row = keras.Sequential([layers.Dense(4, activation="gelu", name="first"), layers.LayerNormalization(name="norm")], name="row")
    x = keras.Input((5,), name="x")
    out = layers.Dense(2, name="last")(row(block(block(x))))
    return keras.Model(x, out, name="inside"), [out]


def operators():
    """Keras' own operations among layers, with numbers, too."""
    a, b = keras.Input((6,), name="a"), keras.Input((6,), name="b")
    x = ops.relu(layers.Dense(6, name="d")(a)) * 2.0 - b
    x = 1.0 - x / 3.0
    x = ops.maximum(x, b) + ops.minimum(x, 0.25) + (-ops.square(b))
    x = ops.concatenate([ops.sigmoid(x), ops.tanh(b), ops.softmax(x), ops.gelu(a), ops.silu(x)], axis=1)
    x = ops.concatenate([x, ops.sqrt(ops.abs(a)), ops.exp(ops.softplus(b)), ops.log(ops.exp(a)), ops.relu6(a), ops.elu(a)], axis=-1)
    x = ops.concatenate([x, ops.selu(a), ops.softsign(b)], axis=-1)
    return keras.Model([a, b], x, name="operators"), [x]


def encode(array):
    whole = array.dtype.kind in "iu"
    data = np.ascontiguousarray(array, "<i4" if whole else "<f4")
    text = base64.b64encode(data.tobytes()).decode()
    return {"shape": list(array.shape), "data": text, **({"dtype": "i32"} if whole else {})}


def weights_of(model, numbered):
    """Names and values of all weights, those of models inside too, each once."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from weights_of(layer, numbered)
        else:
            for i, variable in enumerate(layer.weights):
                yield (f"{layer.name}/{i}" if numbered else variable.path), np.asarray(variable.value)


def case(make, numbered):
    name = f"{make.__doc__.splitlines()[0].rstrip('.')}; weights by {'numbers' if numbered else 'names'}"
    random = np.random.default_rng(zlib.crc32(name.encode()))
    keras.backend.clear_session()
    model, outputs = make()
    for variable in model.weights:
        low = 0.5 if variable.name == "moving_variance" else -0.5
        variable.assign(random.uniform(low, low + 1, variable.shape))
    inputs = [random.uniform(-1, 1, (3, *x.shape[1:])).astype("float32") for x in model.inputs]
    results = model.predict(inputs, verbose=0)
    results = results if isinstance(results, list) else [results]
    weights = list(weights_of(model, numbered))
    return {
        "name": name,
        "model": {
            "format": "layers-model",
            "generatedBy": f"keras v{keras.__version__}",
            "modelTopology": {"keras_version": keras.__version__, "model_config": json.loads(model.to_json())},
            "weightsManifest": [
                {"paths": ["w.bin"], "weights": [{"name": n, "shape": list(v.shape), "dtype": "float32"} for n, v in weights]}
            ],
        },
        "files": {"w.bin": base64.b64encode(b"".join(v.astype("<f4").tobytes() for _, v in weights)).decode()},
        "inputs": [encode(x) for x in inputs],
        "outputs": {y._keras_history.operation.name: encode(r) for y, r in zip(outputs, results)},
    }


cases = [case(make, numbered) for make in (several, residual, inside, operators) for numbered in (False, True)]
path = os.path.join(os.path.dirname(__file__), "..", "keras3.json")
with open(path, "w", encoding="utf8") as file:
    json.dump({"madeBy": "test/goldens/tfjs/keras3.py", "keras": keras.__version__, "cases": cases}, file)
    file.write("\n")
