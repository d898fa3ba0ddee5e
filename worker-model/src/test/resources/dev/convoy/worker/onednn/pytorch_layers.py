"""Writes pytorch_layers.txt.gz: what PyTorch makes of a batch of images, layer by layer, in doubles.

    python3 pytorch_layers.py     (written with PyTorch 1.13.1, in this folder)

A line is a name and numbers in the order [image, channel, row, column]. The first two lines are the
images and the gradient of results, of which each layer takes as many as its result has values. A
layer is its name, its parameters and their gradients, its result and the gradient of the images.
"""
import gzip

import torch
from torch import nn
from torch.nn import functional as F

SHAPE = (2, 16, 4, 3)
torch.manual_seed(7)
torch.set_default_dtype(torch.float64)
# Numbers that floats hold exactly, so that both sides begin with the same; none is 0.
IMAGES = (torch.randn(SHAPE) * 1.5).float().double()
GRADIENTS = torch.randn(2 * 16 * 7 * 7).float().double()


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, values):
        return self.function(values)


def local_response(size, alpha, beta, k):
    return nn.LocalResponseNorm(size, alpha * size, beta, k)  # which divides alpha by the size


LAYERS = {
    "function none": nn.Identity(),
    "function sigmoid": nn.Sigmoid(),
    "function tanh": nn.Tanh(),
    "function relu": nn.ReLU(),
    "function relu-6": nn.ReLU6(),
    "function leaky-relu": nn.LeakyReLU(0.01),
    "function prelu": nn.PReLU(16),
    "function elu": nn.ELU(),
    "function selu": nn.SELU(),
    "function gelu": nn.GELU(),
    "function silu": nn.SiLU(),
    "function softplus": nn.Softplus(),
    "function mish": nn.Mish(),
    "function hard-sigmoid": Function(lambda x: F.hardtanh(0.2 * x + 0.5, 0, 1)),
    "function hard-tanh": nn.Hardtanh(),
    "function step": Function(lambda x: torch.heaviside(x, torch.tensor(0.0)).detach() + 0 * x),
    "maximum": Function(lambda x: torch.maximum(x, -0.5 * x)),
    "multiple": Function(lambda x: 0.3 * x),
    "normalization batch": nn.BatchNorm2d(16),
    "normalization group": nn.GroupNorm(2, 16),
    "normalization layer": nn.GroupNorm(1, 16),
    "normalization instance": nn.InstanceNorm2d(16, affine=True),
    "normalization local-response": local_response(5, 1e-4, 0.75, 2),
    "local response": local_response(3, 0.7, 0.5, 1),
    "maximum pooling": nn.MaxPool2d(2, 2),
    "overlapping maximum pooling": nn.MaxPool2d(3, 2, 1),
    "mean pooling": nn.AvgPool2d(2, 2),
    "overlapping mean pooling": nn.AvgPool2d(3, 2, 1, count_include_pad=False),
    "mean pooling with padding": nn.AvgPool2d(3, 2, 1, count_include_pad=True),
    "global mean pooling": Function(lambda x: x.mean((2, 3))),
    "global maximum pooling": Function(lambda x: x.amax((2, 3))),
    "adaptive mean pooling": nn.AdaptiveAvgPool2d((3, 3)),
    "adaptive mean pooling to more": nn.AdaptiveAvgPool2d((7, 7)),
    "adaptive maximum pooling": nn.AdaptiveMaxPool2d((3, 3)),
    "adaptive maximum pooling to more": nn.AdaptiveMaxPool2d((7, 7)),
    "convolution": nn.Conv2d(16, 6, 3, 2, 1),
    "dilated convolution": nn.Conv2d(16, 8, 2, dilation=2),
    "grouped convolution": nn.Conv2d(16, 8, 3, 1, 1, groups=2),
    "depthwise convolution": nn.Conv2d(16, 16, 3, 1, 1, groups=16),
    "full connection": nn.Sequential(nn.Flatten(), nn.Linear(16 * 4 * 3, 7)),
}


def line(out, name, values):
    numbers = " ".join("%.9g" % value for value in values.detach().flatten().tolist())
    out.write((name + " : " + numbers + "\n").encode())


def main():
    with open("pytorch_layers.txt.gz", "wb") as file, gzip.GzipFile("", "wb", 9, file, 0) as out:
        line(out, "images", IMAGES)
        line(out, "gradients", GRADIENTS)
        for name, layer in LAYERS.items():
            for parameter in layer.parameters():
                with torch.no_grad():
                    parameter.add_(0.3 * torch.randn(parameter.shape))
                    parameter.copy_(parameter.float())
            images = IMAGES.clone().requires_grad_()
            result = layer(images)
            result.backward(GRADIENTS[: result.numel()].reshape(result.shape))
            out.write(("layer " + name + "\n").encode())
            for parameter, values in layer.named_parameters():
                line(out, "parameter " + parameter.split(".")[-1], values)
                line(out, "gradient " + parameter.split(".")[-1], values.grad)
            line(out, "result", result)
            line(out, "gradient of images", images.grad)


main()
