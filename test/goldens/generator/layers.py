"""layers.json: every layer forward and backward."""

import copy

import torch

from .common import Float32Check, Output, Random, describe, encode, encode_all, size
from .modules import build, fill

# Activations are also tried here: both zeros, values so small that 1 + x is 1, and far past where exp overflows.
SPECIAL = [0.0, -0.0, 1e4, -1e4, 1e-8, -1e-8, 1.0, -1.0, 0.5, -0.5, 3.0, -3.0, 20.0, -20.0, 80.0, -80.0]
# Rows for softmax: one winner, one loser, a tie of winners, all equal (large, small, and zeros of both signs).
SPECIAL_ROWS = [
    [1e4, -1e4, 0.0, 1e-8, 1.0],
    [-1e4, 1.0, 2.0, 3.0, 4.0],
    [1e4, 1e4, 0.0, -1e4, 9999.0],
    [1e4, 1e4, 1e4, 1e4, 1e4],
    [-1e4, -1e4, -1e4, -1e4, -1e4],
    [0.0, -0.0, 1e-8, -1e-8, 0.0],
    [80.0, -80.0, 0.0, 20.0, -20.0],
]


def _linear():
    for shape, out, bias in [
        ([1, 1], 1, True),
        ([1, 1], 1, False),
        ([1, 5], 3, True),
        ([3, 7], 5, True),
        ([3, 7], 5, False),
        ([4, 8], 4, True),
        ([4, 8], 4, False),
        ([64, 17], 33, True),
        ([64, 17], 1, False),
        ([5, 1], 9, True),
        ([2, 300], 10, True),
        ([1, 64], 31, True),
        ([2, 3, 6], 5, True),
        ([2, 3, 6], 5, False),
        ([2, 1, 3, 5], 2, True),
        ([7], 4, True),
    ]:
        yield "linear", {"inFeatures": shape[-1], "outFeatures": out, "bias": bias}, shape


def _conv2d():
    # input shape, output channels, kernel, then the options that differ from stride 1, padding 0, dilation 1, groups 1
    for shape, out, kernel, rest in [
        ([1, 1, 1, 1], 1, 1, {}),
        ([1, 1, 5, 5], 1, 3, {}),
        ([2, 3, 4, 4], 5, 1, {}),
        ([2, 3, 4, 4], 5, 1, {"bias": False}),
        ([1, 3, 7, 5], 2, 1, {"stride": 2}),
        ([1, 2, 3, 3], 3, 1, {"padding": 2}),
        ([2, 1, 6, 6], 3, 2, {}),
        ([1, 3, 7, 7], 4, 2, {"stride": 2}),
        ([2, 2, 8, 7], 3, 2, {"stride": 3}),
        ([1, 3, 5, 5], 2, 2, {"padding": 1, "stride": 2}),
        ([1, 2, 6, 5], 3, 2, {"dilation": 2}),
        ([3, 2, 5, 6], 3, 3, {}),
        ([2, 3, 5, 5], 4, 3, {"padding": 1}),
        ([2, 3, 5, 5], 4, 3, {"padding": 1, "bias": False}),
        ([1, 3, 4, 4], 5, 3, {"padding": 2}),
        ([2, 3, 7, 7], 4, 3, {"stride": 2, "padding": 1}),
        ([1, 2, 8, 8], 3, 3, {"stride": 2}),
        ([1, 2, 9, 8], 3, 3, {"stride": 3, "padding": 1}),
        ([1, 2, 7, 8], 3, 3, {"dilation": 2}),
        ([2, 2, 7, 7], 3, 3, {"dilation": 2, "padding": 2}),
        ([1, 2, 9, 9], 3, 3, {"stride": 2, "dilation": 2, "padding": 2}),
        ([1, 1, 12, 12], 6, 5, {"padding": 2}),
        ([2, 3, 5, 5], 7, 5, {}),
        ([1, 2, 9, 7], 3, 5, {"stride": 2, "padding": 2}),
        ([1, 2, 10, 11], 2, 5, {"stride": 3, "padding": 1, "bias": False}),
        ([1, 1, 9, 9], 2, 5, {"dilation": 2}),
        ([2, 4, 5, 5], 6, 3, {"groups": 2, "padding": 1}),
        ([1, 6, 4, 5], 4, 1, {"groups": 2}),
        ([1, 4, 7, 7], 4, 3, {"groups": 2, "stride": 2, "dilation": 2, "padding": 2, "bias": False}),
        ([2, 5, 5, 5], 5, 3, {"groups": 5, "padding": 1}),
        ([1, 3, 6, 6], 6, 3, {"groups": 3, "stride": 2}),
        ([2, 3, 6, 7], 4, [1, 3], {}),
        ([2, 3, 7, 6], 4, [3, 1], {"padding": [1, 0]}),
        ([1, 2, 9, 6], 3, [5, 2], {"stride": [2, 1], "padding": [2, 1]}),
        ([1, 2, 8, 11], 3, [2, 3], {"stride": [1, 3], "padding": [0, 2], "dilation": [2, 1]}),
        ([1, 17, 3, 3], 13, 3, {"padding": 1}),
        ([5, 1, 3, 11], 9, 3, {"padding": 1}),
        ([2, 6, 10, 10], 16, 5, {}),
    ]:
        yield "conv2d", {"inChannels": shape[1], "outChannels": out, "kernelSize": kernel, **rest}, shape


def _conv1d():
    for shape, out, kernel, rest in [
        ([1, 1, 1], 1, 1, {}),
        ([2, 3, 9], 4, 3, {}),
        ([3, 2, 7], 5, 3, {"padding": 1, "bias": False}),
        ([1, 4, 13], 3, 5, {"stride": 2, "padding": 2}),
        ([2, 2, 11], 3, 2, {"stride": 3}),
        ([1, 3, 10], 2, 3, {"dilation": 2, "padding": 1}),
        ([2, 4, 8], 6, 3, {"groups": 2}),
        ([2, 3, 8], 3, 2, {"groups": 3, "padding": 1}),
    ]:
        yield "conv1d", {"inChannels": shape[1], "outChannels": out, "kernelSize": kernel, **rest}, shape


def _conv_transpose2d():
    for shape, out, kernel, rest in [
        ([1, 1, 1, 1], 1, 1, {}),
        ([1, 1, 1, 1], 2, 3, {}),
        ([2, 3, 4, 5], 2, 3, {}),
        ([2, 3, 4, 5], 2, 3, {"padding": 1, "bias": False}),
        ([1, 2, 3, 4], 3, 2, {"stride": 2}),
        ([2, 2, 4, 3], 3, 3, {"stride": 2, "padding": 1}),
        ([2, 2, 4, 3], 3, 3, {"stride": 2, "padding": 1, "outputPadding": 1}),
        ([1, 3, 3, 3], 2, 5, {"stride": 2, "padding": 2, "outputPadding": 1}),
        ([1, 2, 3, 3], 3, 2, {"stride": 3, "outputPadding": 2}),
        ([1, 2, 4, 4], 3, [3, 2], {"stride": [2, 1], "padding": [1, 0], "outputPadding": [1, 0]}),
        ([1, 4, 3, 4], 6, 3, {"groups": 2, "stride": 2}),
        ([1, 2, 3, 4], 3, 3, {"dilation": 2, "padding": 1}),
    ]:
        yield "convTranspose2d", {"inChannels": shape[1], "outChannels": out, "kernelSize": kernel, **rest}, shape


POOLINGS = [
    ([1, 1, 2, 2], {"kernelSize": 2}),
    ([2, 3, 7, 5], {"kernelSize": 2}),
    ([1, 5, 8, 8], {"kernelSize": 2, "stride": 2}),
    ([2, 3, 5, 6], {"kernelSize": 2, "stride": 1}),
    ([1, 2, 8, 7], {"kernelSize": 2, "stride": 3}),
    ([2, 3, 5, 5], {"kernelSize": 2, "padding": 1}),
    ([1, 3, 7, 9], {"kernelSize": 3}),
    ([2, 1, 5, 5], {"kernelSize": 3, "stride": 1}),
    ([2, 3, 5, 6], {"kernelSize": 3, "stride": 1, "padding": 1}),
    ([1, 3, 7, 7], {"kernelSize": 3, "stride": 2, "padding": 1}),
    ([1, 2, 9, 9], {"kernelSize": 3, "stride": 3, "padding": 1}),
    ([1, 2, 6, 9], {"kernelSize": [2, 3], "stride": [1, 2], "padding": [0, 1]}),
]


def _pooling():
    for shape, options in POOLINGS:
        yield "maxPool2d", options, shape
    for shape, options in POOLINGS[1:9:2] + POOLINGS[8:]:
        yield "maxPool2d", options, shape, "ties"
    for shape, options in POOLINGS:
        yield "avgPool2d", options, shape
    yield "avgPool2d", {"kernelSize": 3, "stride": 2, "padding": 1, "countIncludePad": False}, [1, 2, 5, 6]
    for shape in [[1, 1, 1, 1], [2, 3, 7, 5], [3, 4, 8, 8]]:
        yield "globalAvgPool", {}, shape


def _activations():
    for layer, options in [
        ("relu", {}),
        ("leakyRelu", {"slope": 0.1}),
        ("leakyRelu", {"slope": 0.01}),
        ("elu", {"alpha": 0.4}),
        ("elu", {"alpha": 1.0}),
        ("sigmoid", {}),
        ("tanh", {}),
        ("softplus", {}),
        ("gelu", {}),
        ("silu", {}),
    ]:
        for shape in [[1], [3, 7], [2, 3, 5, 4], [257]]:
            yield layer, options, shape, "wide"
        yield layer, options, [len(SPECIAL)], "special"


def _softmax():
    for layer in ["softmax", "logSoftmax"]:
        for shape, dim in [([1, 1], 1), ([1, 10], -1), ([3, 7], 1), ([5, 4], 0), ([64, 10], -1), ([2, 3, 5], 1)]:
            yield layer, {"dim": dim}, shape, "wide"
        yield layer, {"dim": -1}, [len(SPECIAL_ROWS), len(SPECIAL_ROWS[0])], "special rows"


def _flatten():
    for shape in [[1, 1], [2, 3, 5], [3, 2, 4, 5]]:
        yield "flatten", {}, shape
    yield "flatten", {"startDim": 2}, [2, 3, 4, 5]


def _normalization():
    for mode in ["train", "eval"]:
        for shape, rest in [
            ([3, 1], {}),
            ([5, 7], {}),
            ([64, 4], {"momentum": 0.3}),
            ([2, 3, 9], {}),
            ([4, 6], {"affine": False, "eps": 1e-3}),
        ]:
            yield "batchNorm1d", {"features": shape[1], **rest}, shape, mode
        for shape, rest in [
            ([1, 1, 3, 3], {}),
            ([2, 3, 5, 7], {}),
            ([3, 8, 4, 4], {"momentum": 0.3}),
            ([2, 5, 3, 3], {"affine": False, "eps": 1e-3}),
        ]:
            yield "batchNorm2d", {"features": shape[1], **rest}, shape, mode
    yield "batchNorm1d", {"features": 5}, [1, 5], "eval"
    yield "batchNorm2d", {"features": 3}, [1, 3, 1, 1], "eval"
    for shape, normalized, rest in [
        ([1, 4], [4], {}),
        ([3, 7], [7], {}),
        ([64, 17], [17], {}),
        ([2, 3, 5], [5], {}),
        ([2, 3, 5], [3, 5], {}),
        ([2, 4, 3, 3], [4, 3, 3], {}),
        ([5, 6], [6], {"affine": False, "eps": 1e-3}),
        ([5, 3], [3], {}),
    ]:
        yield "layerNorm", {"normalizedShape": normalized, **rest}, shape


def _embedding():
    for shape, count, features in [([1], 1, 1), ([4], 5, 3), ([3, 7], 11, 6), ([2, 3, 2], 4, 1), ([64], 10, 4)]:
        yield "embedding", {"count": count, "features": features}, shape, "indices"


def _maxout():
    for shape, out, k in [([1, 1], 1, 1), ([1, 3], 1, 2), ([4, 5], 3, 2), ([3, 7], 4, 3), ([17, 6], 5, 5), ([2, 3, 4], 3, 2)]:
        yield "maxout", {"inFeatures": shape[-1], "outFeatures": out, "k": k}, shape
    yield "maxout", {"inFeatures": 4, "outFeatures": 3, "k": 3}, [3, 4], "tied pieces"
    for shape, k, kind in [([2, 6, 3, 3], 2, "normal"), ([1, 3, 5, 4], 3, "normal"), ([2, 8, 3, 3], 4, "ties")]:
        yield "maxoutChannels", {"k": k}, shape, kind


TABLES = [
    _linear,
    _conv2d,
    _conv1d,
    _conv_transpose2d,
    _pooling,
    _activations,
    _softmax,
    _flatten,
    _normalization,
    _embedding,
    _maxout,
]


def _input(kind: str, shape: list, options: dict, random: Random) -> torch.Tensor:
    if kind == "ties":
        return random.integers(shape, -1, 3).float()
    if kind == "special":
        return torch.tensor(SPECIAL, dtype=torch.float32)
    if kind == "special rows":
        return torch.tensor(SPECIAL_ROWS, dtype=torch.float32)
    if kind == "indices":
        return random.integers(shape, 0, options["count"])
    if kind == "wide":
        return random.normal(shape, 2.0)
    return random.normal(shape)


def _run(module, x, grad_output):
    """Output, input gradient (None for integer inputs), parameter gradients and buffers after, in the type of `x`."""
    x = x.clone().requires_grad_(x.is_floating_point())
    output = module(x)
    output.backward(grad_output.to(output.dtype))
    gradients = {name: p.grad for name, p in module.named_parameters()}
    return output.detach(), x.grad, gradients, dict(module.named_buffers())


def _case(check: Float32Check, layer: str, options: dict, shape: list, kind: str = "normal") -> dict:
    mode = kind if kind in ("train", "eval") else None
    note = "" if kind in ("normal", "wide", "indices") else f" ({kind})"
    name = " ".join(part for part in [layer, size(shape), describe(options)] if part) + note
    random = Random(name)

    single = build(layer, options)
    fill(single, random)
    if kind == "tied pieces":  # every piece of a unit is a copy of its first: all of them win
        with torch.no_grad():
            for parameter in single.parameters():
                pieces = parameter.unflatten(0, (-1, options["k"]))
                pieces.copy_(pieces[:, :1].clone().expand_as(pieces))
    single.train(mode != "eval")
    x = _input(kind, shape, options, random)
    params = {n: p.detach().clone() for n, p in single.named_parameters()}
    buffers = {n: b.clone() for n, b in single.named_buffers()}

    double = copy.deepcopy(single).double()
    with torch.no_grad():
        grad_output = random.normal(copy.deepcopy(double)(x.double() if x.is_floating_point() else x).shape)
    output, grad_input, grad_params, buffers_after = _run(double, x.double() if x.is_floating_point() else x, grad_output)

    output32, grad_input32, grad_params32, buffers_after32 = _run(single, x, grad_output)
    check.compare(f"{name}: output", output, output32)
    if grad_input is not None:
        check.compare(f"{name}: gradInput", grad_input, grad_input32)
    for n in grad_params:
        check.compare(f"{name}: gradient of {n}", grad_params[n], grad_params32[n])
    for n in buffers_after:
        check.compare(f"{name}: {n}", buffers_after[n], buffers_after32[n])

    case = {"name": name, "layer": layer, "options": options}
    if mode:
        case["mode"] = mode
    case["input"] = encode(x)
    case["params"] = encode_all(params)
    if buffers:
        case["buffers"] = encode_all(buffers)
        case["buffersAfter"] = encode_all(buffers_after)
    case["output"] = encode(output)
    case["gradOutput"] = encode(grad_output)
    if grad_input is not None:
        case["gradInput"] = encode(grad_input)
    case["gradParams"] = encode_all(grad_params)
    return case


def write(output: Output) -> None:
    check = Float32Check(2e-6)
    output.json("layers.json", [_case(check, *row) for table in TABLES for row in table()], str(check))
