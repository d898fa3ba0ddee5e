"""Writes torchvision_policies.txt.gz: what the policies of torchvision are made of.

    python3 torchvision_policies.py     (written with torchvision 0.14.1 and Pillow 9.4.0)

Lines: pair POLICY OPERATION PROBABILITY LEVEL OPERATION PROBABILITY LEVEL: AutoAugment's, in order;
magnitudes RANGES OPERATION LEVELS MAGNITUDE...: of all levels, for pictures of 19 rows, 23 columns;
picture PICTURE RANGES OPERATION MAGNITUDE VALUES: made at the largest magnitudes, in CHW order.
"""
import gzip

from torchvision.transforms import InterpolationMode, autoaugment
from torchvision.transforms import functional as F

from torchvision_colours import HEIGHT, WIDTH, picture

NAMES = {"ShearX": "SHEAR_X", "ShearY": "SHEAR_Y", "TranslateX": "TRANSLATE_X",
         "TranslateY": "TRANSLATE_Y"}


def name(operation):
    return NAMES.get(operation, operation.upper())


def spaces():
    """The names of ranges, the magnitudes in them, and how shifted pixels are interpolated."""
    size = (HEIGHT, WIDTH)
    nearest, bilinear = InterpolationMode.NEAREST, InterpolationMode.BILINEAR
    usual = autoaugment.RandAugment()._augmentation_space(31, size)
    usual["Invert"] = autoaugment.AutoAugment()._augmentation_space(10, size)["Invert"]
    yield "USUAL", usual, nearest
    yield "WIDE", autoaugment.TrivialAugmentWide()._augmentation_space(31), nearest
    yield "AUGMIX", autoaugment.AugMix()._augmentation_space(10, size), bilinear


def lines():
    for policy in (autoaugment.AutoAugmentPolicy.CIFAR10, autoaugment.AutoAugmentPolicy.IMAGENET):
        for pair in autoaugment.AutoAugment(policy).policies:
            words = [str(word) for o, p, level in pair for word in (name(o), p, level or 0)]
            yield " ".join(["pair", policy.name] + words)
    auto = autoaugment.AutoAugment()._augmentation_space(10, (HEIGHT, WIDTH))
    for ranges, space in [(r, s) for r, s, _ in spaces()] + [("USUAL", auto)]:
        for operation, (magnitudes, _) in space.items():
            values = magnitudes.tolist() if magnitudes.ndim else []
            if values:
                yield " ".join(["magnitudes", ranges, name(operation)] + [str(v) for v in values])
    for kind in ("gradient", "noise", "dull"):
        for ranges, space, interpolation in spaces():
            for operation, (magnitudes, signed) in space.items():
                strongest = float(magnitudes[-1]) if magnitudes.ndim else 0.0
                for magnitude in (strongest, -strongest) if signed else (strongest,):
                    made = autoaugment._apply_op(
                        picture(kind), operation, magnitude, interpolation, None)
                    values = F.pil_to_tensor(made).numpy().tobytes().hex()
                    yield " ".join(
                        ["picture", kind, ranges, name(operation), str(magnitude), values])


with gzip.GzipFile("torchvision_policies.txt.gz", "wb", mtime=0) as file:
    for line in lines():
        file.write((line + "\n").encode())
