"""Draws points in a square, for conf/disc-search.conf: those in a disc of half its area, and those outside.

    python3 draw_disc.py DIR

writes MNIST's four files, without compression, into the directory DIR: 2,000 points for training and 1,000
for testing, the same in every call. A point is an image of one row and two columns: its coordinates,
from 0 to 255. Its label is 1 in the disc, else 0.
"""

import math
import random
import struct
import sys
from pathlib import Path

# Of the half square's sides 1 and 1: the disc covers 2 of its 4 square units.
RADIUS = math.sqrt(2 / math.pi)


def label(point):
    return int(math.hypot(*(coordinate / 127.5 - 1 for coordinate in point)) < RADIUS)


def draw(directory, role, count, generator):
    points = [(generator.randrange(256), generator.randrange(256)) for _ in range(count)]
    images = struct.pack(">IIII", 0x803, count, 1, 2) + b"".join(map(bytes, points))
    labels = struct.pack(">II", 0x801, count) + bytes(map(label, points))
    (directory / f"{role}-images-idx3-ubyte").write_bytes(images)
    (directory / f"{role}-labels-idx1-ubyte").write_bytes(labels)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    draw(folder, "train", 2000, random.Random(1))
    draw(folder, "t10k", 1000, random.Random(2))
