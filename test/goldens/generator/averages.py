"""averages.json: averages of the weights of a training, by torch.optim.swa_utils, and minima that torch's L-BFGS finds."""

import torch
from torch.optim.swa_utils import AveragedModel

from .common import Output, Random, encode

# name, kind, options
AVERAGES = [
    ("exponential 0.9", "ema", {"decay": 0.9}),
    ("exponential 0.5", "ema", {"decay": 0.5}),
    ("plain from step 5", "swa", {"start": 5, "every": 1}),
    ("plain from step 3, every 4", "swa", {"start": 3, "every": 4}),
]
STEPS = 20


class _Weights(torch.nn.Module):
    def __init__(self, start):
        super().__init__()
        self.w = torch.nn.Parameter(start.double())


def _average(name, kind, options):
    random = Random(name)
    start, target = random.normal([3, 4]), random.normal([3, 4])
    net = _Weights(start)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
    rule = None
    if kind == "ema":
        rule = lambda average, w, n: options["decay"] * average + (1 - options["decay"]) * w  # noqa: E731
    averaged = AveragedModel(net, avg_fn=rule)
    for step in range(1, STEPS + 1):
        optimizer.zero_grad()
        ((net.w - target.double()) ** 2 + torch.sin(3 * net.w)).sum().backward()
        optimizer.step()
        first, every = options.get("start", 1), options.get("every", 1)
        if step >= first and (step - first) % every == 0:
            averaged.update_parameters(net)
    return {
        "name": name,
        "kind": kind,
        "options": options,
        "steps": STEPS,
        "start": encode(start),
        "target": encode(target),
        "final": encode(net.w),
        "average": encode(averaged.module.w),
    }


def _rosenbrock(x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def _minimum(name, start, function, more):
    x = start.double().clone().requires_grad_()
    optimizer = torch.optim.LBFGS([x], max_iter=1000, tolerance_grad=1e-12, tolerance_change=0, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        cost = function(x)
        cost.backward()
        return cost

    optimizer.step(closure)
    assert x.grad.abs().max() < 1e-6, f"{name}: {x.grad}"
    case = {"name": name, "kind": "lbfgs", "start": encode(start), "final": encode(x), "cost": float(function(x))}
    return {**case, **{key: encode(value) for key, value in more.items()}}


def _minima():
    yield _minimum("Rosenbrock's valley in six dimensions", torch.tensor([-1.2, 1, -1.2, 1, -1.2, 1]), _rosenbrock, {})
    random = Random("logistic regression")
    x = random.normal([60, 4])
    t = (random.normal([60]) + x[:, 0] - x[:, 2] > 0).float()

    def cost(w):
        scores = x.double() @ w
        return torch.nn.functional.binary_cross_entropy_with_logits(scores, t.double()) + 0.01 * (w**2).sum()

    yield _minimum("logistic regression", torch.zeros(4), cost, {"inputs": x, "targets": t})


def write(output: Output) -> None:
    output.json("averages.json", [*(_average(*row) for row in AVERAGES), *_minima()])
