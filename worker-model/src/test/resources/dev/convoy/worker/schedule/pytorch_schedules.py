#!/usr/bin/env python3
"""The rate of every step under the schedules of PyTorch 1.13, for PyTorchSchedulesTest:

    python3 pytorch_schedules.py > pytorch_schedules.txt

Twenty epochs of eight steps at a rate of 0.4. A line is a name and the rates of steps 0 to 160; one-cycle has
a second line of momenta, and steps 0 to 159.
"""
import warnings

import torch
from torch.optim import lr_scheduler as schedulers

warnings.simplefilter("ignore")
PER_EPOCH, EPOCHS, RATE = 8, 20, 0.4
STEPS = PER_EPOCH * EPOCHS

SCHEDULES = {
    "step": lambda o: schedulers.MultiStepLR(o, [3 * PER_EPOCH, 60, 12 * PER_EPOCH], 0.2),
    "periodic-step": lambda o: schedulers.StepLR(o, 6 * PER_EPOCH, 0.3),
    "exponential": lambda o: schedulers.ExponentialLR(o, 0.9 ** (1 / PER_EPOCH)),
    "polynomial": lambda o: schedulers.PolynomialLR(o, STEPS, 1.5),
    "linear": lambda o: schedulers.LinearLR(o, 0.25, 0.75, STEPS),
    "cosine": lambda o: schedulers.CosineAnnealingLR(o, STEPS, 0.04),
    "warm-restarts": lambda o: schedulers.CosineAnnealingWarmRestarts(o, 2 * PER_EPOCH, 2, 0.04),
    "one-cycle": lambda o: schedulers.OneCycleLR(o, RATE, total_steps=STEPS),
}

for name, make in SCHEDULES.items():
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=RATE, momentum=0.9)
    schedule = make(optimizer)
    rates, momenta = [], []
    for step in range(STEPS if name == "one-cycle" else STEPS + 1):
        rates.append(optimizer.param_groups[0]["lr"])
        momenta.append(optimizer.param_groups[0]["momentum"])
        if step < STEPS - 1 or name != "one-cycle":
            schedule.step()
    print(name, *map(repr, rates))
    if name == "one-cycle":
        print("one-cycle-momentum", *map(repr, momenta))
