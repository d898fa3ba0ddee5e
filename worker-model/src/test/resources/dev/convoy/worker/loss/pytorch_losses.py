"""Writes pytorch_losses.txt.gz: what PyTorch makes of losses and their gradients, in doubles.

    python3 pytorch_losses.py     (written with PyTorch 1.13.1, in this folder)

A line is a name and numbers. The first lines are a batch: outputs, labels, distributions, and the
images and parameters of a network of two full connections with a tanh between them. A loss is its
configuration and, for labels and for distributions, the loss of each image and the gradient of its
outputs; then the mean loss of the network and the gradient of the sum by its parameters.
"""
import gzip

import torch
from torch import nn
from torch.nn import functional as F

IMAGES, CLASSES, PIXELS, HIDDEN = 6, 5, 12, 7
torch.manual_seed(11)
torch.set_default_dtype(torch.float64)


def exact(values):
    return values.float().double()  # so that floats hold them exactly


OUTPUTS = exact(torch.randn(IMAGES, CLASSES) * 2)
LABELS = torch.tensor([0, 3, 1, 4, 2, 3])
SOFT = (F.softmax(torch.randn(IMAGES, CLASSES), 1) * 1024).round() / 1024  # which add up to 1 exactly
SOFT[:, 0] += 1 - SOFT.sum(1)
HARD = F.one_hot(LABELS, CLASSES).double()
PIXEL_VALUES = exact(torch.randn(IMAGES, PIXELS))
WEIGHTS = torch.tensor([0.5, 2.0, 1.0, 0.25, 3.0])
NETWORK = nn.Sequential(nn.Linear(PIXELS, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, CLASSES))
for parameter in NETWORK.parameters():
    parameter.data = exact(torch.randn(parameter.shape) * 0.7)


def of_classes(function):
    """A loss of a class, and of a distribution its mean over the classes."""

    def loss(z, q):
        labels = [torch.full((z.shape[0],), c) for c in range(z.shape[1])]
        return sum(q[:, c] * function(z, labels[c]) for c in range(z.shape[1]))

    return loss


def one_vs_rest(power):
    def loss(z, labels):
        signs = 2 * F.one_hot(labels, z.shape[1]).double() - 1
        return (torch.clamp(1 - signs * z, min=0) ** power).sum(1)

    return of_classes(loss)


def crammer_singer(z, labels):
    rivals = z.masked_fill(F.one_hot(labels, z.shape[1]).bool(), -torch.inf)
    own = z.gather(1, labels[:, None]).squeeze(1)
    return torch.clamp(1 + rivals.max(1).values - own, min=0)


def focal(gamma, alpha):
    def loss(z, q):
        logarithm = F.log_softmax(z, 1)
        return -(alpha * q * (1 - logarithm.exp()) ** gamma * logarithm).sum(1)

    return loss


LOSSES = {
    "cross-entropy": lambda z, q: F.cross_entropy(z, q, reduction="none"),
    'cross-entropy {"class-weights": [0.5, 2.0, 1.0, 0.25, 3.0]}':
        lambda z, q: F.cross_entropy(z, q, weight=WEIGHTS, reduction="none"),
    "binary-cross-entropy":
        lambda z, q: F.binary_cross_entropy_with_logits(z, q, reduction="none").sum(1),
    "kl-divergence": lambda z, q: F.kl_div(F.log_softmax(z, 1), q, reduction="none").sum(1),
    "focal": focal(2, 1),
    'focal {"gamma": 0.5, "alpha": [0.5, 2.0, 1.0, 0.25, 3.0]}': focal(0.5, WEIGHTS),
    "hinge": one_vs_rest(1),
    'hinge {"form": "crammer-singer"}': of_classes(crammer_singer),
    "squared-hinge": one_vs_rest(2),
    "mse": lambda z, q: F.mse_loss(z, q, reduction="none").mean(1),
    "mae": lambda z, q: F.l1_loss(z, q, reduction="none").mean(1),
    "huber": lambda z, q: F.huber_loss(z, q, reduction="none").mean(1),
    'huber {"delta": 0.3}': lambda z, q: F.huber_loss(z, q, reduction="none", delta=0.3).mean(1),
}


def line(file, name, values):
    numbers = " ".join(repr(float(value)) for value in values.detach().flatten())
    print(f"{name} : {numbers}", file=file)


def main():
    with gzip.open("pytorch_losses.txt.gz", "wt") as file:
        line(file, "outputs", OUTPUTS)
        line(file, "labels", LABELS)
        line(file, "distributions", SOFT)
        line(file, "images", PIXEL_VALUES)
        line(file, "parameters", torch.cat([p.flatten() for p in NETWORK.parameters()]))
        for name, loss in LOSSES.items():
            for kind, targets in (("labels", HARD), ("distributions", SOFT)):
                outputs = OUTPUTS.clone().requires_grad_()
                losses = loss(outputs, targets)
                losses.sum().backward()
                line(file, f"{name} ; {kind} losses", losses)
                line(file, f"{name} ; {kind} gradients", outputs.grad)
                NETWORK.zero_grad()
                losses = loss(NETWORK(PIXEL_VALUES), targets)
                losses.sum().backward()
                line(file, f"{name} ; {kind} network", losses.mean())
                line(file, f"{name} ; {kind} parameters",
                     torch.cat([p.grad.flatten() for p in NETWORK.parameters()]))


main()
