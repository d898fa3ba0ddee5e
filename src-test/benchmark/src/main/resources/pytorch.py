"""PyTorch as a peer: WORKLOAD BATCH MODE WARM-UP-SECONDS THREADS. The lines that it says and obeys
are those of PeerLoop; the networks are those of worker-model's registry."""

import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

CLASSES = 10
BATCHES = 8


class Block(nn.Module):
    def __init__(self, inputs, width, reshapes):
        super().__init__()
        self.first = normalised(inputs, width, 3, 2 if reshapes else 1)
        self.second = normalised(width, width, 3, 1)
        self.shortcut = normalised(inputs, width, 1, 2) if reshapes else nn.Identity()

    def forward(self, x):
        y = self.second(F.relu(self.first(x), inplace=True))
        return F.relu(y + self.shortcut(x), inplace=True)


def normalised(inputs, outputs, kernel, stride):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outputs),
    )


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 20, 5, padding=2), nn.ReLU(inplace=True), nn.MaxPool2d(2),
        nn.Conv2d(20, 50, 5), nn.ReLU(inplace=True), nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(1250, 500), nn.ReLU(inplace=True),
        nn.Linear(500, CLASSES),
    )


def resnet():
    layers = [normalised(3, 16, 3, 1), nn.ReLU(inplace=True)]
    inputs = 16
    for width in (16, 32, 64):
        for block in range(3):
            layers.append(Block(inputs, width, width > 16 and block == 0))
            inputs = width
    return nn.Sequential(
        *layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, CLASSES))


def vgg():
    layers = []
    inputs = 3
    for stage in ((32,), (64,), (128, 128), (256, 256), (256, 256)):
        for width in stage:
            layers += [normalised(inputs, width, 3, 1), nn.ReLU(inplace=True)]
            inputs = width
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(inputs, CLASSES))


def blas():
    """The BLAS that is loaded, its folder and file: without OpenBLAS PyTorch is slow."""
    with open("/proc/self/maps") as maps:
        names = {"/".join(line.strip().split("/")[-2:]) for line in maps if "/" in line}
    known = sorted(n for n in names if "blas" in n.lower() or "mkl" in n.lower())
    return known[0] if known else "BLAS unknown"


def main():
    workload, batch, mode = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    warm_up, threads = float(sys.argv[4]), int(sys.argv[5])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    build, shape = {
        "lenet-5": (lenet, (1, 28, 28)),
        "resnet-20": (resnet, (3, 32, 32)),
        "vgg-11": (vgg, (3, 32, 32)),
    }[workload]
    network = build()
    images = [torch.randn(batch, *shape) for _ in range(BATCHES)]
    labels = [torch.randint(0, CLASSES, (batch,)) for _ in range(BATCHES)]
    optimizer = torch.optim.SGD(
        network.parameters(), 0.01, momentum=0.9, nesterov=True, weight_decay=5e-4)

    def train(i):
        optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(network(images[i]), labels[i]).backward()
        optimizer.step()

    def infer(i):
        with torch.inference_mode():
            F.softmax(network(images[i]), dim=1)

    if mode == "training":
        step = train
    else:
        network.eval()
        step = infer

    def run(seconds):
        start = time.perf_counter()
        steps = 0
        while True:
            step(steps % BATCHES)
            steps += 1
            elapsed = time.perf_counter() - start
            if elapsed >= seconds:
                return steps * batch, elapsed

    run(warm_up)
    parameters = sum(p.numel() for p in network.parameters())
    print("ready", parameters, "PyTorch %s, %s" % (torch.__version__, blas()), flush=True)
    for line in sys.stdin:
        done, elapsed = run(float(line.split()[1]))
        print("ran %d %.6f" % (done, elapsed), flush=True)


main()
