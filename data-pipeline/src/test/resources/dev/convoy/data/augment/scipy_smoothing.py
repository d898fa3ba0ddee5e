"""Writes scipy_smoothing.txt: what SciPy's gaussian_filter makes of values, mirrored at the border.

    python3 scipy_smoothing.py > scipy_smoothing.txt     (written with SciPy 1.10.1)

A line is: height, width, standard deviation, and the values by rows.
"""
import numpy as np
from scipy.ndimage import gaussian_filter


def value(y, x):
    return ((x * 2654435761 + y * 40503 * 97) >> 7) % 256 / 128 - 1


for height, width, sigma in [(9, 13, 1.5), (19, 23, 4), (5, 31, 0.5), (1, 7, 2), (40, 30, 10)]:
    values = np.array([[value(y, x) for x in range(width)] for y in range(height)], np.float64)
    smooth = gaussian_filter(values, sigma, mode="mirror", truncate=4)
    print(height, width, sigma, *("%.6f" % smoothed for smoothed in smooth.ravel()))
