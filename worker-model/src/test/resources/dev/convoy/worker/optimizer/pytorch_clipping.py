"""Writes pytorch_clipping.txt: gradients of two full connections as PyTorch clips them.

    python3 pytorch_clipping.py     (written with PyTorch 1.13.1, in this folder)

A line is a name and numbers: weights and bias of the first connection, then of the second.
"""
import torch
from torch import nn
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

torch.manual_seed(5)
network = nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2)).double()
for parameter in network.parameters():
    parameter.data = torch.randn(parameter.shape).float().double()
GRADIENTS = [torch.randn(p.shape).float().double() * 2 for p in network.parameters()]

CLIPS = {
    "none": lambda: None,
    "value 0.5": lambda: clip_grad_value_(network.parameters(), 0.5),
    "layer-norm 1.5": lambda: [clip_grad_norm_(layer.parameters(), 1.5) for layer in network],
    "layer-norm 1000": lambda: [clip_grad_norm_(layer.parameters(), 1000) for layer in network],
    "norm 1.5": lambda: clip_grad_norm_(network.parameters(), 1.5),
}

with open("pytorch_clipping.txt", "w") as file:
    def line(name, tensors):
        values = torch.cat([tensor.flatten() for tensor in tensors])
        print(name, ":", " ".join(repr(float(value)) for value in values), file=file)

    line("parameters", [p.data for p in network.parameters()])
    for name, clip in CLIPS.items():
        for parameter, gradient in zip(network.parameters(), GRADIENTS):
            parameter.grad = gradient.clone()
        clip()
        line(name, [p.grad for p in network.parameters()])
