"""Reads in Python, with NumPy alone, what `convoy prepare` has written.

    python3 read_prepared.py DIR/train

prints, as JSON, how many images of each class there are, and the mean and deviation of each channel.
`images` is the part to copy.

A folder holds a manifest and parts. In a part all numbers are big-endian:

    header   8 bytes "CNVYSHRD"; int32 version (4), channels, images, classes; int32 CRC-32C of these
    table    for each image int32 label, float32 weight, uint16 height, uint16 width, int32 CRC-32C of
             its pixels
             int32 CRC-32C of header and table
    pixels   for each image height x width x channels bytes, axes [channel, row, column]
"""

import json
import struct
import sys
from pathlib import Path

import numpy as np

HEADER = struct.Struct(">8s4ii")
ENTRY = np.dtype([("label", ">i4"), ("weight", ">f4"), ("height", ">u2"), ("width", ">u2"), ("crc", ">i4")])


def images(folder):
    """Yields (pixels, label, weight) of every image; pixels are uint8 [channel, row, column]."""
    folder = Path(folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    if not manifest["complete"]:
        raise ValueError(f"{folder} is incomplete: give the command of convoy prepare again")
    for part in manifest["parts"]:
        data = np.memmap(folder / part["name"], np.uint8, "r")
        magic, version, channels, count, _, _ = HEADER.unpack(data[: HEADER.size].tobytes())
        if magic != b"CNVYSHRD" or version != 4:
            raise ValueError(f"{folder / part['name']} is no part of version 4")
        table = np.frombuffer(data, ENTRY, count, HEADER.size)
        start = HEADER.size + table.nbytes + 4
        for entry in table:
            shape = (channels, int(entry["height"]), int(entry["width"]))
            end = start + shape[0] * shape[1] * shape[2]
            yield data[start:end].reshape(shape), int(entry["label"]), float(entry["weight"])
            start = end


def main(folder):
    manifest = json.loads((Path(folder) / "manifest.json").read_text(encoding="utf-8"))
    names = [of["name"] for of in manifest["classes"]]
    counts = dict.fromkeys(names, 0)
    pixels, sums, squares = 0, 0, 0
    for image, label, _ in images(folder):
        counts[names[label]] += 1
        pixels += image[0].size
        sums = sums + image.sum(axis=(1, 2), dtype=np.int64)
        squares = squares + np.square(image, dtype=np.int64).sum(axis=(1, 2))
    mean = sums / pixels / 255
    deviation = np.sqrt(squares / pixels / 255**2 - mean**2)
    print(json.dumps({"classes": counts, "mean": mean.tolist(), "deviation": deviation.tolist()}))


if __name__ == "__main__":
    main(sys.argv[1])
