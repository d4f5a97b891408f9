"""networks.json: small complete trainings."""

import copy
import math

import torch
from torch import nn

from .common import Float32Check, Output, Random, encode, encode_all
from .losses import LOSSES
from .modules import build
from .optimizers import OPTIMIZERS

PENALTY = "l1 * sum |w| + l2 * sum w^2 over every parameter whose name ends in .weight, added to the loss"


def layer(name: str, **options):
    return {"layer": name, "options": options}


def linear(inputs: int, outputs: int):
    return layer("linear", inFeatures=inputs, outFeatures=outputs)


def conv(inputs: int, outputs: int, kernel, **options):
    return layer("conv2d", inChannels=inputs, outChannels=outputs, kernelSize=kernel, **options)


def normal_inputs(*shape):
    return lambda random: random.normal(shape)


def pixels(*shape):
    return lambda random: (random.integers(shape, 0, 256).double() / 255).float()


def classes(rows: int, count: int):
    return lambda random: random.integers([rows], 0, count)


def xor_inputs(random):
    return torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=torch.float32)


def xor_targets(random):
    return torch.tensor([[0], [1], [1], [0]], dtype=torch.float32)


def everything(rows: int, steps: int):
    return [list(range(rows))] * steps


NETWORKS = [
    {
        "name": "mlp 7-5-3 relu, crossEntropy, sgd momentum, mini-batches",
        "architecture": [linear(7, 5), layer("relu"), linear(5, 3)],
        "inputs": normal_inputs(16, 7),
        "targets": classes(16, 3),
        "loss": ("crossEntropy", {"reduction": "mean"}),
        "optimizer": ("sgd", {"lr": 0.1, "momentum": 0.9}),
        # two epochs in different orders; the last batch of each holds one sample
        "batches": [
            [3, 14, 0, 7, 9], [1, 2, 15, 8, 4], [5, 6, 10, 13, 11], [12],
            [12, 4, 5, 2, 1], [0, 13, 6, 3, 10], [15, 8, 7, 14, 11], [9],
        ],
    },
    {
        "name": "mlp 2-8-8-1 sigmoid, mse, sgd",
        "architecture": [
            linear(2, 8), layer("sigmoid"), linear(8, 8), layer("sigmoid"), linear(8, 1), layer("sigmoid"),
        ],
        "inputs": xor_inputs,
        "targets": xor_targets,
        "loss": ("mse", {"reduction": "mean"}),
        "optimizer": ("sgd", {"lr": 0.5}),
        "batches": everything(4, 20),
    },
    {
        "name": "mlp 6-4-3 maxout, crossEntropy sum, l1 and l2 penalty, sgd nesterov",
        "architecture": [layer("maxout", inFeatures=6, outFeatures=4, k=3), linear(4, 3)],
        "inputs": normal_inputs(9, 6),
        "targets": classes(9, 3),
        "loss": ("crossEntropy", {"reduction": "sum"}),
        "penalty": {"l1": 0.01, "l2": 0.05},
        "optimizer": ("sgd", {"lr": 0.02, "momentum": 0.9, "nesterov": True}),
        "batches": everything(9, 6),
    },
    {
        "name": "conv net with padding, stride and average pooling, crossEntropy, adam",
        "architecture": [
            conv(1, 4, 3, stride=2, padding=1), layer("relu"), layer("avgPool2d", kernelSize=2),
            conv(4, 5, 2, padding=1), layer("tanh"), layer("flatten"), linear(80, 4),
        ],
        "inputs": normal_inputs(6, 1, 11, 11),
        "targets": classes(6, 4),
        "loss": ("crossEntropy", {"reduction": "mean"}),
        "optimizer": ("adam", {"lr": 0.01}),
        "batches": everything(6, 5),
    },
    {
        "name": "conv net with batch norm, elu and global pooling, crossEntropy label smoothing, adamw",
        "architecture": [
            conv(2, 4, 3, padding=1, bias=False), layer("batchNorm2d", features=4), layer("elu", alpha=0.4),
            conv(4, 6, [3, 2], groups=2), layer("silu"), layer("globalAvgPool"), layer("flatten"), linear(6, 3),
        ],
        "inputs": normal_inputs(8, 2, 7, 5),
        "targets": classes(8, 3),
        "loss": ("crossEntropy", {"reduction": "mean", "labelSmoothing": 0.1}),
        "optimizer": ("adamw", {"lr": 0.02, "weightDecay": 0.1}),
        "batches": [[0, 1, 2, 3, 4], [5, 6, 7], [7, 0, 5, 2], [1, 3, 4, 6], [6, 2, 0]],
    },
    {
        "name": "lenet, crossEntropy, sgd momentum",
        "architecture": [
            conv(1, 6, 5, padding=2), layer("relu"), layer("maxPool2d", kernelSize=2),
            conv(6, 16, 5), layer("relu"), layer("maxPool2d", kernelSize=2), layer("flatten"),
            linear(400, 120), layer("relu"), linear(120, 84), layer("relu"), layer("dropout", p=0.0), linear(84, 10),
        ],
        "inputs": pixels(4, 1, 28, 28),
        "targets": classes(4, 10),
        "loss": ("crossEntropy", {"reduction": "mean"}),
        "optimizer": ("sgd", {"lr": 0.05, "momentum": 0.9}),
        "batches": everything(4, 5),
        "summarize": True,
    },
]


def _initialize(net: nn.Module, random: Random) -> None:
    """Weights and biases uniform in ±1/sqrt(inputs of a unit), as PyTorch's own default; norms stay at 1 and 0."""
    bound = 1.0
    for name, parameter in net.named_parameters():
        if isinstance(net.get_submodule(name.rpartition(".")[0]), nn.modules.batchnorm._BatchNorm):
            continue
        if parameter.dim() > 1:
            bound = 1 / math.sqrt(parameter[0].numel())
        parameter.data = random.uniform(parameter.shape, -bound, bound)


def _summary(tensor: torch.Tensor) -> dict:
    return {
        "shape": list(tensor.shape),
        "first": encode(tensor.reshape(-1)[:8]),
        "sum": tensor.sum().item(),
        "sumAbs": tensor.abs().sum().item(),
        "sumSquares": tensor.square().sum().item(),
    }


def _train(net: nn.Module, spec: dict, inputs, targets) -> dict:
    """Trains `net` in place, in the type of `inputs`."""
    loss_name, loss_options = spec["loss"]
    optimizer_name, optimizer_options = spec["optimizer"]
    penalty_options = spec.get("penalty", {})
    weights = [p for name, p in net.named_parameters() if name.endswith(".weight")]
    stepper = OPTIMIZERS[optimizer_name](net.parameters(), optimizer_options)
    losses, penalties, first = [], [], {}
    net.train()
    for rows in spec["batches"]:
        stepper.zero_grad()
        loss = LOSSES[loss_name](net(inputs[rows]), targets[rows], loss_options, None)
        penalty = sum(
            penalty_options.get("l1", 0.0) * w.abs().sum() + penalty_options.get("l2", 0.0) * w.square().sum()
            for w in weights
        )
        (loss + penalty).backward()
        if not first:
            first = {name: p.grad.clone() for name, p in net.named_parameters()}
        stepper.step()
        losses.append(loss.item())
        penalties.append(penalty.item())
    net.eval()
    with torch.no_grad():
        outputs = net(inputs)
    state = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    return {"losses": losses, "penalties": penalties, "first": first, "state": state, "outputs": outputs}


def initial_network(spec: dict):
    """The untrained float32 network, its inputs and its targets."""
    random = Random(spec["name"])
    net = nn.Sequential(*[build(part["layer"], part["options"]) for part in spec["architecture"]])
    _initialize(net, random)
    return net, spec["inputs"](random), spec["targets"](random)


def _case(check: Float32Check, spec: dict) -> dict:
    name = spec["name"]
    net, inputs, targets = initial_network(spec)
    initial = {n: tensor.clone() for n, tensor in net.state_dict().items()}
    double_targets = targets.double() if targets.is_floating_point() else targets
    golden = _train(copy.deepcopy(net).double(), spec, inputs.double(), double_targets)

    single = _train(net, spec, inputs, targets)
    for n in golden["first"]:
        check.compare(f"{name}: first gradient of {n}", golden["first"][n], single["first"][n])
    for n in golden["state"]:
        check.compare(f"{name}: final {n}", golden["state"][n], single["state"][n])
    check.compare(f"{name}: losses", torch.tensor(golden["losses"]), torch.tensor(single["losses"]))
    check.compare(f"{name}: outputs", golden["outputs"], single["outputs"])

    store = _summary if spec.get("summarize") else encode
    loss_name, loss_options = spec["loss"]
    optimizer_name, optimizer_options = spec["optimizer"]
    case = {
        "name": name,
        "architecture": spec["architecture"],
        "loss": {"loss": loss_name, "options": loss_options},
        "optimizer": {"optimizer": optimizer_name, "options": optimizer_options},
        "inputs": encode(inputs),
        "targets": encode(targets),
        "batches": spec["batches"],
        "initialState": encode_all(initial),
        "losses": golden["losses"],
        "firstGradients": {n: store(tensor) for n, tensor in golden["first"].items()},
        "finalState": {n: store(tensor) for n, tensor in golden["state"].items()},
        "finalOutputs": encode(golden["outputs"]),
    }
    if "penalty" in spec:
        case["penalty"] = spec["penalty"]
        case["penalties"] = golden["penalties"]
    return case


def write(output: Output) -> None:
    check = Float32Check(2e-6)
    output.json("networks.json", [_case(check, spec) for spec in NETWORKS], str(check), penalty=PENALTY)
