"""Writes pillow_colours.txt: what Pillow makes of three pictures, as CRC-32 of the values in CHW order.

    python3 pillow_colours.py > pillow_colours.txt     (written with Pillow 9.4.0)
"""
import zlib

from PIL import Image, ImageEnhance, ImageOps

HEIGHT, WIDTH = 19, 23


def value(kind, channel, y, x):
    if kind == "gradient":
        return min(255, 9 * x + 4 * y + 30 * channel)
    if kind == "noise":
        return ((x * 2654435761 + y * 40503 * 97 + channel * 7919 * 31) >> 7) % 256
    return 90 + (x * y + 5 * channel) % 50  # low contrast


def picture(kind):
    data = bytes(value(kind, c, y, x) for y in range(HEIGHT) for x in range(WIDTH) for c in range(3))
    return Image.frombytes("RGB", (WIDTH, HEIGHT), data)


def planes(image):
    return b"".join(band.tobytes() for band in image.convert("RGB").split())


OPERATIONS = [("autocontrast", 0, lambda image, _: ImageOps.autocontrast(image)),
              ("equalize", 0, lambda image, _: ImageOps.equalize(image)),
              ("grayscale", 0, lambda image, _: image.convert("L")),
              ("horizontal-flip", 0, lambda image, _: ImageOps.mirror(image)),
              ("vertical-flip", 0, lambda image, _: ImageOps.flip(image)),
              ("invert", 0, lambda image, _: ImageOps.invert(image))]
for bits in (2, 4, 7):
    OPERATIONS.append(("posterize", bits, ImageOps.posterize))
for threshold in (0, 100, 200):
    OPERATIONS.append(("solarize", threshold, ImageOps.solarize))
for name, enhancer in (("brightness", ImageEnhance.Brightness), ("contrast", ImageEnhance.Contrast),
                       ("saturation", ImageEnhance.Color), ("sharpness", ImageEnhance.Sharpness)):
    for factor in (0.0, 0.35, 1.0, 1.7):
        OPERATIONS.append((name, factor, lambda image, by, enhancer=enhancer: enhancer(image).enhance(by)))

for kind in ("gradient", "noise", "dull"):
    print(kind, "original", 0, "%08x" % zlib.crc32(planes(picture(kind))))
    for name, by, operation in OPERATIONS:
        print(kind, name, by, "%08x" % zlib.crc32(planes(operation(picture(kind), by))))
