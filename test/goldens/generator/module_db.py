"""module-db.json: PyTorch's own sample inputs of its modules (`torch.testing._internal.common_modules.module_db`, and the older lists
of `common_nn`): outputs, and all that two steps of gradient descent with momentum make of parameters, buffers and float inputs.

Samples of modules that Tidu has nothing like, and those for which PyTorch's own result is not finite, are left out; the file names them.
"""

import inspect
import random
import sys
import types
import unittest

import numpy
import torch
from torch import nn

from .common import Output, encode
from .functions import weights

# PyTorch's lists import a package for their own tests, which Debian does not have and nothing here needs.
sys.modules.setdefault("expecttest", types.SimpleNamespace(ACCEPT=False, TestCase=unittest.TestCase))

# Modules that Tidu has; `SUBJECTS` of test/toolbox/module-db.ts says as what.
KNOWN = set(
    """AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d AvgPool1d
    AvgPool2d AvgPool3d BatchNorm1d BatchNorm2d BatchNorm3d BCEWithLogitsLoss CELU Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d
    ConvTranspose3d CosineEmbeddingLoss CrossEntropyLoss ELU Embedding Flatten GELU GLU GroupNorm GRU GRUCell Hardswish
    Hardsigmoid HuberLoss InstanceNorm1d InstanceNorm2d InstanceNorm3d KLDivLoss L1Loss LayerNorm LeakyReLU Linear
    LogSoftmax LSTM LSTMCell MaxPool1d MaxPool2d MaxPool3d Mish MSELoss MultiheadAttention NLLLoss PixelShuffle
    PoissonNLLLoss PReLU ReLU ReLU6 RNN RNNCell SELU Sigmoid SiLU SmoothL1Loss Softmax Softplus Softsign Tanh
    TransformerEncoderLayer TripletMarginLoss""".split()
)
RATE, MOMENTUM = 0.05, 0.9
LARGEST = 4096


def described(value):
    """A constructor's argument as JSON; a tensor as goldens have them."""
    if isinstance(value, torch.Tensor):
        return encode(value.double())
    if isinstance(value, (tuple, list)):
        return [described(v) for v in value]
    if callable(value):
        return value.__name__
    return value


def copied(value, change):
    """A tensor, or the tensors of a tuple, changed; never the same memory, which training would write into."""
    if isinstance(value, torch.Tensor):
        return change(value.detach().clone()) if value.is_floating_point() else value.detach().clone()
    return tuple(copied(v, change) for v in value) if isinstance(value, (tuple, list)) else value


def wide(value):
    return copied(value, torch.Tensor.double)


def narrow(value):
    return copied(value, torch.Tensor.float)


def flat(value):
    if isinstance(value, (tuple, list)):
        return [t for v in value for t in flat(v)]
    return [value] if isinstance(value, torch.Tensor) else []


def packed(tensor):
    if tensor.dtype == torch.bool:
        return {**encode(tensor.int()), "bool": True}
    return encode(tensor.double() if tensor.is_floating_point() else tensor)


def samples_of_modules():
    from torch.testing._internal.common_modules import module_db

    for info in module_db:
        torch.manual_seed(0)
        numpy.random.seed(0)
        random.seed(0)
        given = info.module_inputs_func(info, device="cpu", dtype=torch.float32, requires_grad=True, training=True)
        for sample in given:
            made, called = sample.constructor_input, sample.forward_input
            name = info.module_cls.__name__ if info.module_cls.__module__.startswith("torch.nn.") else info.name
            yield name, info.module_cls, made.args, made.kwargs, called.args, called.kwargs


def samples_of_lists():
    from torch.testing._internal import common_nn

    for test in [*common_nn.module_tests, *common_nn.new_module_tests, *common_nn.criterion_tests]:
        name = test.get("module_name")
        if name is None or not hasattr(nn, name):
            continue
        torch.manual_seed(0)
        numpy.random.seed(0)
        random.seed(0)
        args = test["constructor_args_fn"]() if "constructor_args_fn" in test else test.get("constructor_args", ())
        if "input_fn" in test:
            x = test["input_fn"]()
        elif "input" in test:
            x = test["input"]
        else:
            x = torch.randn(test["input_size"])
        inputs = list(x) if isinstance(x, (tuple, list)) else [x]
        if "target_fn" in test:
            inputs.append(test["target_fn"]())
        elif "target" in test:
            inputs.append(test["target"])
        elif "target_size" in test:
            inputs.append(torch.randn(test["target_size"]))
        elif name.endswith("Loss"):
            inputs.append(torch.randn(test["input_size"]))
        inputs.extend(test.get("extra_args", ()))
        yield name, getattr(nn, name), args, {}, tuple(inputs), {}


def ask(name, cls, args, kwargs, inputs, named):
    """What PyTorch says of a sample in float64, and how far its own float32 is from that."""
    bound = inspect.signature(cls.__init__).bind(None, *args, **kwargs).arguments
    bound.update(bound.pop("kwargs", {}))
    options = {k: described(v) for k, v in list(bound.items())[1:]}
    args, inputs = narrow(tuple(args)), narrow(tuple(inputs))
    kwargs, named = ({k: narrow(v) for k, v in d.items()} for d in (kwargs, named))
    torch.manual_seed(1)
    module = cls(*args, **kwargs).float().train()
    state = {k: v.clone() for k, v in module.state_dict().items()}
    given = flat([inputs, tuple(named.values())])
    golden, inputs_after = trained(name, cls, wide(args), {k: wide(v) for k, v in kwargs.items()}, state, inputs, named, wide)
    single, _ = trained(name, cls, args, kwargs, state, inputs, named, narrow)
    return {
        "module": name,
        "options": options,
        "state": {k: packed(v) for k, v in state.items()},
        "inputs": [packed(t.float() if t.is_floating_point() else t) for t in given],
        "names": [*[None] * len(flat(inputs)), *[k for k, v in named.items() if isinstance(v, torch.Tensor)]],
        **{key: [packed(t) for t in golden[key]] for key in ["first", "last"]},
        "stateAfter": {k: packed(v) for k, v in zip(state, golden["state"])},
        "inputsAfter": [packed(t) for t in inputs_after],
        "float32": float(f"{max(distances(golden, single), default=0.0):.1e}"),
    }


def distances(golden, single):
    """In units of each tensor's largest number."""
    for key in golden:
        for g, s in zip(golden[key], single[key]):
            if g.is_floating_point() and g.numel() > 0:
                yield ((g - s.double()).abs().max() / max(g.abs().max(), 1e-3)).item()


def trained(name, cls, args, kwargs, state, inputs, named, kind):
    """Outputs before and after two steps, and what the state and the float inputs are then."""
    torch.manual_seed(1)
    module = cls(*args, **kwargs)
    module = (module.double() if kind is wide else module.float()).train()
    module.load_state_dict({k: kind(v) for k, v in state.items()})
    inputs, named = kind(inputs), {k: kind(v) for k, v in named.items()}
    floats = [t.requires_grad_() for t in flat([inputs, tuple(named.values())]) if t.is_floating_point()]
    # A target is no input that is trained.
    moving = floats[:1] if name.endswith("Loss") else floats
    optimizer = torch.optim.SGD([*moving, *module.parameters()], lr=RATE, momentum=MOMENTUM)
    outputs = []
    for _ in range(3):
        found = module(*inputs, **named)
        ys = flat([found[0] if name == "MultiheadAttention" else found])
        outputs.append([y.detach().clone() for y in ys])
        cost = sum((y * weights(y.shape)).sum() for y in ys if y.requires_grad)
        optimizer.zero_grad()
        cost.backward()
        if len(outputs) < 3:
            optimizer.step()
    after = {"first": outputs[0], "last": outputs[2], "state": [v.detach() for v in module.state_dict().values()]}
    moved = [t.detach() for t in moving]
    return {**after, "moving": moved}, moved


def write(output: Output) -> None:
    cases, left, counts = [], {}, {}
    for source in [samples_of_modules, samples_of_lists]:
        for sample in source():
            name = sample[0]
            counts[name] = counts.get(name, 0) + 1
            label = f"{name} {counts[name]}"
            if name.removeprefix("Lazy") not in KNOWN or name.startswith("Lazy"):
                left[name] = "there is nothing like it"
                continue
            if any(t.numel() == 0 for t in flat(sample[4])):
                left[label] = "it is empty, which no tensor may be"
                continue
            try:
                case = ask(*sample)
            except (AssertionError, RuntimeError, TypeError, AttributeError) as error:
                left[label] = str(error).split("\n")[0][:90] or type(error).__name__
                continue
            if sum(len(t["data"]) for t in case["inputs"]) > 4 * LARGEST:
                left[label] = "it is large"
                continue
            cases.append({"name": label, **case})
    output.json("module-db.json", cases, f"{len(left)} left out", left=left)
