#!/usr/bin/env python3
"""Five steps of every optimizer of PyTorch 1.13, in double precision, for PyTorchOptimizersTest:

    python3 pytorch_optimizers.py > pytorch_optimizers.txt

Twelve weights and three biases. Every optimizer is run as it is, and once more "regularised": gradients
clipped to a norm of 1.5, a penalty (or, for adamw, a decay) of 0.05 on weights alone, and a rate that falls by 0.8
after every step but for the two whose velocity holds the rate in Convoy.

NAdam of 1.13 multiplies the share of a step twice into the product that corrects the next one; it runs here
with one of them, as in the paper and in later versions of PyTorch.
"""
import inspect

import torch
from torch.optim import nadam
from torch.optim import SGD, Adadelta, Adagrad, Adam, AdamW, NAdam, RMSprop

WEIGHTS, VALUES, STEPS = 12, 15, 5

OPTIMIZERS = {
    "sgd": (SGD, dict(lr=0.05)),
    "sgd-with-momentum": (SGD, dict(lr=0.05, momentum=0.7)),
    "momentum": (SGD, dict(lr=0.05, momentum=0.9)),
    "nesterov": (SGD, dict(lr=0.05, momentum=0.9, nesterov=True)),
    "adagrad": (Adagrad, dict(lr=0.05)),
    "rmsprop": (RMSprop, dict(lr=0.01)),
    "rmsprop-with-momentum": (RMSprop, dict(lr=0.01, alpha=0.9, momentum=0.5)),
    "rmsprop-centred": (RMSprop, dict(lr=0.01, alpha=0.9, momentum=0.5, centered=True)),
    "adadelta": (Adadelta, dict(lr=1.0)),
    "adam": (Adam, dict(lr=0.05)),
    "amsgrad": (Adam, dict(lr=0.05, betas=(0.8, 0.95), amsgrad=True)),
    "adamw": (AdamW, dict(lr=0.05, weight_decay=0.0)),
    "nadam": (NAdam, dict(lr=0.05)),
}
AS_IN_1_13 = "mu_product_next = mu_product * mu * mu_next"
SOURCE = inspect.getsource(nadam._single_tensor_nadam)
assert AS_IN_1_13 in SOURCE
exec(SOURCE.replace(AS_IN_1_13, "mu_product_next = mu_product * mu_next"), vars(nadam))
CONSTANT_RATE = {"sgd-with-momentum", "nesterov"}


def line(name, values):
    print(name, " ".join(repr(float(value)) for value in values))


def run(name, start, gradients, regularised):
    kind, options = OPTIMIZERS[name]
    weights = start[:WEIGHTS].double().requires_grad_()
    biases = start[WEIGHTS:].double().requires_grad_()
    decay = 0.05 if regularised else 0.0
    optimizer = kind([dict(params=[weights], weight_decay=decay), dict(params=[biases], weight_decay=0.0)], **options)
    schedule = torch.optim.lr_scheduler.ExponentialLR(
        optimizer, 0.8 if regularised and name not in CONSTANT_RATE else 1.0)
    for gradient in gradients:
        weights.grad = gradient[:WEIGHTS].double()
        biases.grad = gradient[WEIGHTS:].double()
        if regularised:
            torch.nn.utils.clip_grad_norm_([weights, biases], 1.5)
        optimizer.step()
        schedule.step()
        line(name + ("-regularised" if regularised else ""), torch.cat([weights, biases]).tolist())


torch.manual_seed(1)
start = (torch.rand(VALUES) + 0.5) * torch.sign(torch.randn(VALUES))
gradients = [torch.randn(VALUES) for _ in range(STEPS)]
line("start", start)
for one in gradients:
    line("gradient", one)
for optimizer_name in OPTIMIZERS:
    for regularised in (False, True):
        run(optimizer_name, start, gradients, regularised)
