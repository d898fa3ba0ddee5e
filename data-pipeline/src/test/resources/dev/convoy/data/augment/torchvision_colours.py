"""Writes torchvision_colours.txt.gz: what torchvision makes of three pictures, as Pillow images and
as tensors; a line holds picture, kind, operation, magnitude and the values in CHW order.

    python3 torchvision_colours.py     (written with torchvision 0.14.1 and Pillow 9.4.0)
"""
import gzip

import torch
from PIL import Image
from torchvision.transforms import functional as F

HEIGHT, WIDTH = 19, 23


def value(kind, channel, y, x):  # as in pillow_colours.py
    if kind == "gradient":
        return min(255, 9 * x + 4 * y + 30 * channel)
    if kind == "noise":
        return ((x * 2654435761 + y * 40503 * 97 + channel * 7919 * 31) >> 7) % 256
    return 90 + (x * y + 5 * channel) % 50


def picture(kind):
    data = bytes(value(kind, c, y, x) for y in range(HEIGHT) for x in range(WIDTH) for c in range(3))
    return Image.frombytes("RGB", (WIDTH, HEIGHT), data)


FACTORS = (0.1, 0.6, 1.9)
OPERATIONS = {
    "hue": (F.adjust_hue, (-0.45, -0.1, 0.2)),
    "gamma": (F.adjust_gamma, (0.4, 1.3, 3.0)),
    "blur": (lambda image, sigma: F.gaussian_blur(image, 7, sigma), (0.3, 1.1, 4.0)),
    "brightness": (F.adjust_brightness, FACTORS),
    "contrast": (F.adjust_contrast, FACTORS),
    "saturation": (F.adjust_saturation, FACTORS),
    "sharpness": (F.adjust_sharpness, FACTORS),
    "posterize": (lambda image, bits: F.posterize(image, int(bits)), (1, 4, 7)),
    "solarize": (F.solarize, (10, 100, 200)),
    "equalize": (lambda image, _: F.equalize(image), (0,)),
    "autocontrast": (lambda image, _: F.autocontrast(image), (0,)),
    "invert": (lambda image, _: F.invert(image), (0,)),
    "grayscale": (lambda image, _: F.rgb_to_grayscale(image, 3), (0,)),
}


def write():
    with gzip.GzipFile("torchvision_colours.txt.gz", "wb", mtime=0) as file:
        for kind in ("gradient", "noise", "dull"):
            tensor = F.pil_to_tensor(picture(kind))
            for name, (operation, magnitudes) in OPERATIONS.items():
                for magnitude in magnitudes:
                    for how, given in (("image", picture(kind)), ("tensor", tensor)):
                        made = operation(given, magnitude)
                        made = made if isinstance(made, torch.Tensor) else F.pil_to_tensor(made)
                        line = [kind, how, name, str(magnitude), made.numpy().tobytes().hex()]
                        file.write((" ".join(line) + "\n").encode())


if __name__ == "__main__":
    write()
