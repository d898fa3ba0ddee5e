#!/usr/bin/env python3
"""Probabilities, loss and gradients of torchvision's networks, in double precision.

Made with PyTorch 1.13 and torchvision 0.14: python3 torchvision_networks.py > torchvision_networks.txt

Parameters are not written: both sides draw value number i of the parameter NAME as
scale * (mix(fnv1a(SEED:NAME) + i) / 2**63 - 1), with mix the finaliser of SplitMix64 and fnv1a the
64-bit hash. The scale of weights is sqrt(6 / fan-in), a tenth of that in the last layer; of its biases,
those of hidden layers and running means 0.1; scales are 1 plus a value of scale 0.2, variances 20 plus
one of 4. Shifts, and biases of convolutions, are 3 where a value of scale 1 is above -0.5, else -2. The
images are drawn with scale 1.

Where an argument of a relu is so close to 0, or the two largest of a pooling are so close to each
other, that rounding decides, gradients differ by up to 13 % between PyTorch in single and in double
precision. Of a few seeds that one is taken where that is least near; of GoogLeNet, which has many
poolings, one where both precisions agree.

Every network has two lines, "NAME SEED SIDE BATCH LOSS" with the summed loss of a training step without
dropout, and the log-probabilities in inference; then a line for each parameter: its name, the largest
magnitude of its gradient, the gradient's sum weighted by the values of "NAME gradient" of scale 1, and
four of its elements, evenly spread.
"""
import numpy
import torch
import torchvision

CLASSES = 10


class Seed:
    """Of all values."""

    now = 0


def values(name, shape, scale):
    count = int(numpy.prod(shape))
    key = 0xCBF29CE484222325
    for byte in ("%d:%s" % (Seed.now, name)).encode():
        key = ((key ^ byte) * 0x100000001B3) % 2**64
    with numpy.errstate(over="ignore"):
        mixed = numpy.arange(count, dtype=numpy.uint64) + numpy.uint64(key)
        mixed = (mixed ^ (mixed >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        mixed = mixed ^ (mixed >> numpy.uint64(31))
    unit = mixed.astype(numpy.float64) / 2.0**63 - 1
    # Convoy's are floats.
    return torch.from_numpy((unit * scale).astype(numpy.float32).astype(numpy.float64)).reshape(shape)


def residual(name):
    ordinals = {"1": "first", "2": "second", "3": "third"}
    parts = name.split(".")
    if parts[0] in ("conv1", "bn1"):
        return ("stem-conv" if parts[0] == "conv1" else "stem-norm"), parts[1]
    if parts[0] == "fc":
        return "output", parts[1]
    block = "stage%s-block%d-" % (parts[0][5:], int(parts[1]) + 1)
    if parts[2] == "downsample":
        return block + ("shortcut-conv" if parts[3] == "0" else "shortcut-norm"), parts[4]
    kind = "conv" if parts[2].startswith("conv") else "norm"
    return block + ordinals[parts[2][-1]] + "-" + kind, parts[3]


def dense(name):
    parts = name.split(".")
    if parts[0] == "classifier":
        return "output", parts[1]
    fixed = {"conv0": "stem-conv", "norm0": "stem-norm", "norm5": "last-norm"}
    if parts[1] in fixed:
        return fixed[parts[1]], parts[2]
    if parts[1].startswith("transition"):
        return parts[1] + "-" + parts[2], parts[3]
    layer = "block%s-layer%s-" % (parts[1][len("denseblock"):], parts[2][len("denselayer"):])
    inner = {"norm1": "first-norm", "conv1": "second-conv", "norm2": "second-norm", "conv2": "conv"}
    return layer + inner[parts[3]], parts[4]


def alexnet(name):
    kind, number, what = name.split(".")
    if kind == "features":
        return "conv%d-conv" % (["0", "3", "6", "8", "10"].index(number) + 1), what
    return {"1": "dense1", "4": "dense2", "6": "output"}[number], what


def vgg(model):
    names = {}
    stage, layer = 1, 0
    for number, module in enumerate(model.features):
        if isinstance(module, torch.nn.MaxPool2d):
            stage, layer = stage + 1, 0
        elif isinstance(module, torch.nn.Conv2d):
            layer += 1
            names["features.%d" % number] = "stage%d-layer%d-conv" % (stage, layer)
        elif isinstance(module, torch.nn.BatchNorm2d):
            names["features.%d" % number] = "stage%d-layer%d-norm" % (stage, layer)
    names.update({"classifier.0": "dense1", "classifier.3": "dense2", "classifier.6": "output"})

    def translate(name):
        layer, what = name.rsplit(".", 1)
        if names[layer].endswith("-conv") and what == "bias":
            return None  # taken off again by the batch normalisation
        return names[layer], what

    return translate


def googlenet(name):
    parts = name.split(".")
    kinds = {"conv": "-conv", "bn": "-norm"}
    if parts[0] == "fc":
        return "output", parts[1]
    if parts[0].startswith("aux"):
        layer = "auxiliary" + parts[0][3:]
        if parts[1] == "conv":
            return layer + kinds[parts[2]], parts[3]
        return layer + {"fc1": "-dense", "fc2": "-output"}[parts[1]], parts[2]
    if parts[0].startswith("conv"):
        return parts[0] + kinds[parts[1]], parts[2]
    branch = parts[0][len("inception"):] + "-" + parts[1]
    if parts[1] in ("branch2", "branch3"):
        branch += "-reduce" if parts[2] == "0" else ""
        parts = parts[:2] + parts[3:]
    if parts[1] == "branch4":
        parts = parts[:2] + parts[3:]
    return branch + kinds[parts[2]], parts[3]


KEYS = {"weight": "W", "bias": "b", "running_mean": "mean", "running_var": "var"}
NORM_KEYS = {**KEYS, "weight": "gamma", "bias": "beta"}


def draw(model, translate):
    keys = {}
    with torch.no_grad():
        for own, tensor in list(model.named_parameters()) + list(model.named_buffers()):
            if own.endswith("num_batches_tracked"):
                continue
            translated = translate(own)
            if translated is None:
                tensor.zero_()
                continue
            layer, what = translated
            key = layer + "_" + (NORM_KEYS if layer.endswith("norm") else KEYS)[what]
            shape = tuple(tensor.shape)
            if key.endswith("_W"):
                scale = numpy.sqrt(6.0 / numpy.prod(shape[1:])) * (0.1 if layer == "output" else 1.0)
                drawn = values(key, shape, scale)
            elif key.endswith("_gamma"):
                drawn = 1 + values(key, shape, 0.2)
            elif key.endswith("_var"):
                drawn = 20 + values(key, shape, 4)
            elif key.endswith("_beta") or key.endswith("-conv_b"):
                drawn = torch.where(values(key, shape, 1.0) > -0.5, 3.0, -2.0)
            else:
                drawn = values(key, shape, 0.1)
            tensor.copy_(drawn.float().double())
            keys[own] = key
    return keys


def margin(model, images):
    """How near a relu or a pooling comes to deciding otherwise, beside its arguments' deviation."""
    smallest = [numpy.inf]
    relu, pool = torch.nn.functional.relu, torch.nn.functional.max_pool2d

    def consider(distances, argument):
        smallest[0] = min(smallest[0], (distances.min() / argument.std()).item())

    def watched_relu(argument, inplace=False):
        consider(argument.abs(), argument)
        return relu(argument)

    def watched_pool(argument, kernel, stride, padding, *rest, **others):
        planes = argument.reshape(-1, 1, *argument.shape[2:])
        padded = torch.nn.functional.pad(planes, (padding,) * 4, value=-1e9)
        windows = torch.nn.functional.unfold(padded, kernel, stride=stride)
        largest = windows.topk(2, dim=1).values
        active = largest[:, 0] > 0  # the others' gradients end at the relu before
        consider((largest[:, 0] - largest[:, 1])[active], argument)
        return pool(argument, kernel, stride, padding, *rest, **others)

    torch.nn.functional.relu = watched_relu
    torch.nn.functional.max_pool2d = watched_pool
    model.train()
    with torch.no_grad():
        model(images)
    torch.nn.functional.relu = relu
    torch.nn.functional.max_pool2d = pool
    return smallest[0]


def write(name, model, translate, side, batch, seeds=range(12)):
    model = model.double()
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    shape = (batch, 3, side, side)

    def margin_of(seed):
        Seed.now = seed
        draw(model, translate)
        return margin(model, values("images", shape, 1.0))

    Seed.now = max(seeds, key=margin_of)
    keys = draw(model, translate)
    images = values("images", shape, 1.0)
    labels = torch.arange(batch) % CLASSES
    model.eval()
    with torch.no_grad():
        answers = torch.log_softmax(model(images), 1)
    model.train()
    result = model(images)
    loss_of = torch.nn.CrossEntropyLoss(reduction="sum")
    if isinstance(result, torch.Tensor):
        loss = loss_of(result, labels)
    else:
        loss = loss_of(result.logits, labels) + 0.3 * (
            loss_of(result.aux_logits1, labels) + loss_of(result.aux_logits2, labels))
    loss.backward()
    print(name, Seed.now, side, batch, "%.9g" % loss.item())
    print(" ".join("%.9g" % value for value in answers.flatten().tolist()))
    for own, parameter in model.named_parameters():
        if own not in keys:
            continue
        gradient = parameter.grad.flatten()
        count = gradient.numel()
        weights = values(keys[own] + " gradient", (count,), 1.0)
        chosen = [gradient[int(i * (count - 1) / 3)].item() for i in range(4)]
        numbers = [gradient.abs().max().item(), (gradient * weights).sum().item()] + chosen
        print(keys[own], " ".join("%.8g" % number for number in numbers))


def narrow(model, first, second, features):
    """The same with fewer hidden units, of which there is nothing more to learn here."""
    model.classifier[first] = torch.nn.Linear(features, 64)
    model.classifier[second] = torch.nn.Linear(64, 48)
    model.classifier[6] = torch.nn.Linear(48, CLASSES)
    return model


def main():
    torch.manual_seed(1)
    models = torchvision.models
    write("alexnet", narrow(models.alexnet(num_classes=CLASSES), 1, 4, 9216), alexnet, 96, 4)
    eleven = narrow(models.vgg11_bn(num_classes=CLASSES), 0, 3, 25088)
    write("vgg-11", eleven, vgg(eleven), 64, 2)
    write("googlenet", models.googlenet(num_classes=CLASSES, init_weights=False), googlenet, 96, 4, [1])
    write("resnet-18", models.resnet18(num_classes=CLASSES), residual, 64, 4)
    write("resnet-50", models.resnet50(num_classes=CLASSES), residual, 64, 4)
    write("resnext-50", models.resnext50_32x4d(num_classes=CLASSES), residual, 64, 4)
    write("wide-resnet-50-2", models.wide_resnet50_2(num_classes=CLASSES), residual, 64, 4)
    write("densenet-121", models.densenet121(num_classes=CLASSES), dense, 64, 4)


main()
