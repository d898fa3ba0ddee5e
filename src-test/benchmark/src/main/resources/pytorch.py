"""PyTorch as a peer: WORKLOAD BATCH MODE WARM-UP-SECONDS THREADS channels-first|channels-last|bfloat16. The lines that it says and obeys
are those of PeerLoop; the networks are those of worker-model's registry, from torchvision where it has
them."""

import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

CLASSES = 10
BATCHES = 8
MEMORY_SECONDS = 2  # memory is measured after so long, as that of the peers in Java


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


def resnet(blocks=3):
    layers = [normalised(3, 16, 3, 1), nn.ReLU(inplace=True)]
    inputs = 16
    for width in (16, 32, 64):
        for block in range(blocks):
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


class WideBlock(nn.Module):
    """Normalised and rectified before each convolution; the shortcut begins behind the first relu."""

    def __init__(self, inputs, width, stride):
        super().__init__()
        self.first_norm = nn.BatchNorm2d(inputs)
        self.first = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(width)
        self.second = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        reshapes = stride > 1 or inputs != width
        self.shortcut = nn.Conv2d(inputs, width, 1, stride, bias=False) if reshapes else None

    def forward(self, x):
        y = F.relu(self.first_norm(x), inplace=True)
        shortcut = x if self.shortcut is None else self.shortcut(y)
        return self.second(F.relu(self.second_norm(self.first(y)), inplace=True)) + shortcut


def wide_resnet(blocks, factor):
    layers = [nn.Conv2d(3, 16, 3, 1, 1, bias=False)]
    inputs = 16
    for stage in range(3):
        width = 16 * factor << stage
        for block in range(blocks):
            layers.append(WideBlock(inputs, width, 2 if stage > 0 and block == 0 else 1))
            inputs = width
    return nn.Sequential(
        *layers, nn.BatchNorm2d(inputs), nn.ReLU(inplace=True), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
        nn.Linear(inputs, CLASSES))


class DenseLayer(nn.Module):
    def __init__(self, inputs, growth):
        super().__init__()
        self.bottleneck = nn.Sequential(
            nn.BatchNorm2d(inputs), nn.ReLU(inplace=True), nn.Conv2d(inputs, 4 * growth, 1, bias=False))
        self.features = nn.Sequential(
            nn.BatchNorm2d(4 * growth), nn.ReLU(inplace=True),
            nn.Conv2d(4 * growth, growth, 3, 1, 1, bias=False))

    def forward(self, x):
        return torch.cat((x, self.features(self.bottleneck(x))), 1)


def densenet_bc(layers, growth):
    inputs = 2 * growth
    parts = [nn.Conv2d(3, inputs, 3, 1, 1, bias=False)]
    for block in range(3):
        for _ in range((layers - 4) // 6):
            parts.append(DenseLayer(inputs, growth))
            inputs += growth
        parts += [nn.BatchNorm2d(inputs), nn.ReLU(inplace=True)]
        if block < 2:
            parts += [nn.Conv2d(inputs, inputs // 2, 1, bias=False), nn.AvgPool2d(2)]
            inputs //= 2
    return nn.Sequential(
        *parts, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, CLASSES))


def of_torchvision(name, **options):
    def build():
        from torchvision import models
        return getattr(models, name)(weights=None, **options)
    return build


def memory(field):
    """Bytes of this process, from /proc; 0 where there is none."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) << 10 for line in status if line.startswith(field))
    except OSError:
        return 0


def forget_peak():
    try:
        with open("/proc/self/clear_refs", "w") as peak:
            peak.write("5")
    except OSError:
        pass


PHOTOGRAPH, SMALL = (3, 224, 224), (3, 32, 32)
WORKLOADS = {
    "lenet-5": (lenet, (1, 28, 28)),
    "resnet-20": (resnet, SMALL),
    "vgg-11": (vgg, SMALL),
    "resnet-18": (of_torchvision("resnet18"), PHOTOGRAPH),
    "resnet-50": (of_torchvision("resnet50"), PHOTOGRAPH),
    "vgg-16": (of_torchvision("vgg16"), PHOTOGRAPH),
    "densenet-121": (of_torchvision("densenet121"), PHOTOGRAPH),
    "alexnet": (of_torchvision("alexnet"), PHOTOGRAPH),
    "googlenet": (of_torchvision("googlenet", aux_logits=False, init_weights=False), PHOTOGRAPH),
    "resnet-56": (lambda: resnet(9), SMALL),
    "wide-resnet-16-4": (lambda: wide_resnet(2, 4), SMALL),
    "densenet-bc-100-12": (lambda: densenet_bc(100, 12), SMALL),
}


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
    build, shape = WORKLOADS[workload]
    classes = 1000 if shape == PHOTOGRAPH else CLASSES
    if shape == PHOTOGRAPH:
        import torchvision  # what is loaded is no part of the memory that is measured
    forget_peak()
    before = memory("VmRSS")
    halved = sys.argv[6] == "bfloat16"
    layout = torch.contiguous_format if sys.argv[6] == "channels-first" else torch.channels_last
    network = build().to(memory_format=layout)
    images = [torch.randn(batch, *shape).contiguous(memory_format=layout) for _ in range(BATCHES)]
    labels = [torch.randint(0, classes, (batch,)) for _ in range(BATCHES)]
    optimizer = torch.optim.SGD(
        network.parameters(), 0.01, momentum=0.9, nesterov=True, weight_decay=5e-4)

    def train(i):
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=halved):
            answers = network(images[i])
        F.cross_entropy(answers.float(), labels[i]).backward()
        optimizer.step()

    def infer(i):
        with torch.inference_mode():
            answers = network(images[i].to(torch.bfloat16) if halved else images[i])
            F.softmax(answers.float(), dim=1)

    if mode == "training":
        step = train
    else:
        network.eval()
        if halved:  # faster than autocast, which converts the weights in every run
            network.to(torch.bfloat16)
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

    run(min(MEMORY_SECONDS, warm_up))
    shown = sum(each.numel() * each.element_size() for each in images)
    peak = max(0, memory("VmHWM") - before - shown)  # images are the measurement's, not its own
    run(max(0, warm_up - MEMORY_SECONDS))
    parameters = sum(p.numel() for p in network.parameters())
    print("ready", parameters, peak, "PyTorch %s, %s" % (torch.__version__, blas()), flush=True)
    for line in sys.stdin:
        done, elapsed = run(float(line.split()[1]))
        print("ran %d %.6f" % (done, elapsed), flush=True)


main()
