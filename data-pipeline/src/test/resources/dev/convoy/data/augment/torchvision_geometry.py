"""Writes torchvision_geometry.txt.gz: what torchvision and Pillow make of three pictures.

    python3 torchvision_geometry.py     (written with torchvision 0.14.1 and Pillow 9.4.0)

A line is: picture, operation, interpolation, arguments joined by commas, height, width, and the values in CHW order
in hexadecimal.
"""
import gzip
import math

from PIL import Image
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as F

PICTURES = {"gradient": (20, 28, 3), "noise": (21, 27, 1), "disc": (24, 24, 1)}
MODES = {"nearest": InterpolationMode.NEAREST, "plain-bilinear": InterpolationMode.BILINEAR}
FILTERS = {"nearest": InterpolationMode.NEAREST, "bilinear": InterpolationMode.BILINEAR,
           "area": InterpolationMode.BOX, "bicubic": InterpolationMode.BICUBIC}


def value(kind, channel, y, x):
    if kind == "gradient":
        return min(255, 7 * x + 4 * y + 25 * channel)
    if kind == "noise":
        return ((x * 2654435761 + y * 40503 * 97 + channel * 7919 * 31) >> 7) % 256
    return 220 if (2 * y - 23) ** 2 + (2 * x - 19) ** 2 < 200 else 30


def picture(kind):
    height, width, channels = PICTURES[kind]
    data = bytes(value(kind, c, y, x) for y in range(height) for x in range(width) for c in range(channels))
    return Image.frombytes("RGB" if channels == 3 else "L", (width, height), data)


def planes(image):
    return b"".join(band.tobytes() for band in image.split())


def corners(image, by):
    """Corners that have moved inwards, each by another share of {@code by}."""
    width, height = image.size
    right, down = int(by * width / 2), int(by * height / 2)
    start = [[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]]
    end = [[right, down // 2], [width - 1 - right // 3, down], [width - 1 - right, height - 1 - down // 3],
           [right // 2, height - 1 - down]]
    return start, end


def written(out, kind, operation, interpolation, arguments, image):
    out.write("%s %s %s %s %d %d %s\n" % (kind, operation, interpolation, ",".join("%r" % a for a in arguments),
                                         image.size[1], image.size[0], planes(image).hex()))


def write(out):
    for kind in PICTURES:
        image = picture(kind)
        out.write("%s original none 0 %d %d %s\n" % (kind, image.size[1], image.size[0], planes(image).hex()))
        for name, mode in MODES.items():
            for degrees in (7.0, -33.0, 180.0):
                written(out, kind, "rotate", name, [degrees], F.rotate(image, degrees, mode))
            for x, y in ((12.0, 0.0), (0.0, -20.0), (15.0, 8.0)):
                written(out, kind, "shear", name, [x, y], F.affine(image, 0.0, [0, 0], 1.0, [x, y], mode))
            for x, y in ((0.3, 0.0), (0.0, 0.2), (-0.1, 0.0)):
                degrees = [math.degrees(math.atan(x)), math.degrees(math.atan(y))]
                written(out, kind, "shear-by", name, [x, y],
                        F.affine(image, 0.0, [0, 0], 1.0, degrees, mode, center=[0, 0]))
            for right, down in ((3, 0), (-5, 2), (0, 30)):
                written(out, kind, "translate", name, [right, down],
                        F.affine(image, 0.0, [right, down], 1.0, [0.0, 0.0], mode))
            for factor in (0.7, 1.25, 2.0):
                written(out, kind, "scale", name, [factor], F.affine(image, 0.0, [0, 0], factor, [0.0, 0.0], mode))
            for arguments in ((10.0, 2, -1, 1.1, 5.0, 0.0), (-25.0, 0, 3, 0.8, -8.0, 12.0), (170.0, -4, 4, 1.4, 0.0, 30.0)):
                degrees, right, down, factor, x, y = arguments
                written(out, kind, "affine", name, arguments,
                        F.affine(image, degrees, [right, down], factor, [x, y], mode))
            for by in (0.2, 0.5, 0.9):
                start, end = corners(image, by)
                flat = [c for corner in end for c in corner]
                written(out, kind, "perspective", name, flat, F.perspective(image, start, end, mode))
        for name, mode in FILTERS.items():
            for height, width in ((9, 13), (20, 27), (37, 50)):
                written(out, kind, "resize", name, [height, width], F.resize(image, [height, width], mode))
            # Along one axis alone, and by whole numbers.
            written(out, kind, "resize", name, [image.size[1], 2 * image.size[0]],
                    F.resize(image, [image.size[1], 2 * image.size[0]], mode))
        for height, width in ((10, 12), (15, 21), (30, 40)):
            written(out, kind, "center-crop", "none", [height, width], F.center_crop(image, [height, width]))
        for padding in ("reflect", "edge"):
            for by in (1, 4, 9):
                written(out, kind, "pad-" + padding, "none", [by], F.pad(image, [by] * 4, padding_mode=padding))


with open("torchvision_geometry.txt.gz", "wb") as file:
    with gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") as packed:
        class Text:
            @staticmethod
            def write(line):
                packed.write(line.encode("ascii"))
        write(Text)
