"""schedules.json: the learning rate in force during each epoch."""

import math
import warnings

import torch
from torch.optim import lr_scheduler

from .common import Output

EPOCHS = 20

# A loss that falls, stalls, falls by less than the threshold, rises and falls again.
FALLING = [
    1.0, 0.8, 0.7, 0.7, 0.72, 0.71, 0.65, 0.6499999, 0.66, 0.65,
    0.7, 0.64, 0.64, 0.64, 0.64, 0.64, 0.64, 0.5, 0.51, 0.52,
]
# An accuracy with the same history.
RISING = [
    0.1, 0.3, 0.5, 0.5, 0.48, 0.49, 0.55, 0.5500001, 0.54, 0.55,
    0.5, 0.56, 0.56, 0.56, 0.56, 0.56, 0.56, 0.7, 0.69, 0.68,
]


def _warmup_then_cosine(optimizer, o):
    warmup = lr_scheduler.LinearLR(optimizer, o["startFactor"], 1.0, o["warmupEpochs"])
    cosine = lr_scheduler.CosineAnnealingLR(optimizer, o["tMax"], o["etaMin"])
    return lr_scheduler.SequentialLR(optimizer, [warmup, cosine], [o["warmupEpochs"]])


def _one_cycle(optimizer, o):
    return lr_scheduler.OneCycleLR(
        optimizer,
        max_lr=optimizer.defaults["lr"],
        total_steps=o["totalSteps"],
        pct_start=o["pctStart"],
        div_factor=o["divFactor"],
        final_div_factor=o["finalDivFactor"],
        cycle_momentum=False,
    )


def _plateau(optimizer, o):
    return lr_scheduler.ReduceLROnPlateau(
        optimizer,
        mode=o.get("mode", "min"),
        factor=o.get("factor", 0.1),
        patience=o.get("patience", 10),
        threshold=o.get("threshold", 1e-4),
        threshold_mode=o.get("thresholdMode", "rel"),
        cooldown=o.get("cooldown", 0),
        min_lr=o.get("minLr", 0.0),
    )


SCHEDULES = {
    "step": lambda opt, o: lr_scheduler.StepLR(opt, o["stepSize"], o["gamma"]),
    "exponential": lambda opt, o: lr_scheduler.ExponentialLR(opt, o["gamma"]),
    "cosine": lambda opt, o: lr_scheduler.CosineAnnealingLR(opt, o["tMax"], o["etaMin"]),
    "linearWarmup": lambda opt, o: lr_scheduler.LinearLR(opt, o["startFactor"], o["endFactor"], o["totalEpochs"]),
    "polynomial": lambda opt, o: lr_scheduler.PolynomialLR(opt, o["totalEpochs"], o["power"]),
    "oneCycle": _one_cycle,
    "warmupThenCosine": _warmup_then_cosine,
    "reduceOnPlateau": _plateau,
}


def _cosine(base, o, e):
    return o["etaMin"] + (base - o["etaMin"]) * (1 + math.cos(math.pi * e / o["tMax"])) / 2


def _linear(base, start, end, total, e):
    return base * (start + (end - start) * min(e, total) / total)


# Each schedule in closed form; PyTorch applies them step by step, so that they agree to some 1e-15.
CLOSED_FORMS = {
    "step": lambda base, o, e: base * o["gamma"] ** (e // o["stepSize"]),
    "exponential": lambda base, o, e: base * o["gamma"] ** e,
    "cosine": _cosine,
    "linearWarmup": lambda base, o, e: _linear(base, o["startFactor"], o["endFactor"], o["totalEpochs"], e),
    "warmupThenCosine": lambda base, o, e: _linear(base, o["startFactor"], 1.0, o["warmupEpochs"], e)
    if e < o["warmupEpochs"]
    else _cosine(base, o, e - o["warmupEpochs"]),
}

# name, schedule, base learning rate, options, then what differs: epochs, metrics
ROWS = [
    ("step 5", "step", 0.1, {"stepSize": 5, "gamma": 0.1}),
    ("step 1", "step", 1.0, {"stepSize": 1, "gamma": 0.5}),
    ("step 7, gamma 0.3", "step", 0.02, {"stepSize": 7, "gamma": 0.3}),
    ("step longer than the run", "step", 0.02, {"stepSize": 30, "gamma": 0.3}),
    ("exponential 0.9", "exponential", 0.1, {"gamma": 0.9}),
    ("exponential 0.5", "exponential", 1.0, {"gamma": 0.5}),
    ("cosine 20", "cosine", 0.1, {"tMax": 20, "etaMin": 0.0}),
    ("cosine 19 ends at its smallest", "cosine", 0.1, {"tMax": 19, "etaMin": 0.001}),
    ("cosine 10, to its end", "cosine", 0.5, {"tMax": 10, "etaMin": 0.05}, {"epochs": 11}),
    ("linear warm-up 5", "linearWarmup", 0.1, {"startFactor": 1 / 3, "endFactor": 1.0, "totalEpochs": 5}),
    ("linear warm-up 1", "linearWarmup", 0.1, {"startFactor": 0.5, "endFactor": 1.0, "totalEpochs": 1}),
    ("linear warm-up 8 from 0.01", "linearWarmup", 0.3, {"startFactor": 0.01, "endFactor": 1.0, "totalEpochs": 8}),
    ("linear decay", "linearWarmup", 0.1, {"startFactor": 1.0, "endFactor": 0.1, "totalEpochs": 15}),
    (
        "warm-up 4 then cosine 16",
        "warmupThenCosine",
        0.1,
        {"startFactor": 0.1, "warmupEpochs": 4, "tMax": 16, "etaMin": 0.001},
    ),
    ("polynomial 15, power 2", "polynomial", 0.1, {"totalEpochs": 15, "power": 2.0}),
    ("polynomial 20, a line", "polynomial", 0.3, {"totalEpochs": 20, "power": 1.0}),
    ("polynomial 8, power 0.5", "polynomial", 0.1, {"totalEpochs": 8, "power": 0.5}),
    ("one cycle 20", "oneCycle", 0.1, {"totalSteps": 20, "pctStart": 0.3, "divFactor": 25.0, "finalDivFactor": 1e4}),
    (
        "one cycle 20, half up",
        "oneCycle",
        1.0,
        {"totalSteps": 20, "pctStart": 0.5, "divFactor": 10.0, "finalDivFactor": 100.0},
    ),
    ("plateau", "reduceOnPlateau", 0.1, {"factor": 0.1, "patience": 2}, {"metrics": FALLING}),
    ("plateau patience 0", "reduceOnPlateau", 0.1, {"factor": 0.5, "patience": 0}, {"metrics": FALLING}),
    ("plateau cooldown", "reduceOnPlateau", 0.1, {"factor": 0.5, "patience": 1, "cooldown": 2}, {"metrics": FALLING}),
    ("plateau minimum", "reduceOnPlateau", 0.1, {"factor": 0.1, "patience": 0, "minLr": 0.005}, {"metrics": FALLING}),
    (
        "plateau absolute threshold",
        "reduceOnPlateau",
        0.1,
        {"factor": 0.5, "patience": 1, "threshold": 0.055, "thresholdMode": "abs"},
        {"metrics": FALLING},
    ),
    ("plateau of a maximum", "reduceOnPlateau", 0.1, {"mode": "max", "factor": 0.2, "patience": 2}, {"metrics": RISING}),
    ("plateau never reached", "reduceOnPlateau", 0.1, {"factor": 0.1, "patience": 10}, {"metrics": FALLING}),
]


def _case(name: str, schedule: str, base: float, options: dict, extra: dict = {}) -> dict:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=base)
    scheduler = SCHEDULES[schedule](optimizer, options)
    metrics = extra.get("metrics")
    rates = []
    for epoch in range(extra.get("epochs", EPOCHS)):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step(metrics[epoch]) if metrics else scheduler.step()
    if schedule in CLOSED_FORMS:
        for epoch, rate in enumerate(rates):
            expected = CLOSED_FORMS[schedule](base, options, epoch)
            assert math.isclose(rate, expected, rel_tol=1e-12, abs_tol=1e-15), f"{name}, epoch {epoch}: {rate}, {expected}"
    case = {"name": name, "schedule": schedule, "options": options, "baseLr": base}
    if metrics:
        case["metrics"] = metrics
    return {**case, "lrs": rates}


def write(output: Output) -> None:
    # SequentialLR itself calls step(epoch), which PyTorch warns of
    warnings.filterwarnings("ignore", message="The epoch parameter in")
    output.json("schedules.json", [_case(*row) for row in ROWS])
