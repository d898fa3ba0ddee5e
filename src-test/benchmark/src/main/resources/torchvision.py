"""torchvision as a peer: TASK WARM-UP-SECONDS DIRECTORY. The lines that it says and obeys are those of
PeerLoop; seconds are of the process's CPU time, on one thread."""

import glob
import io
import resource
import sys
import time

import PIL
import torch
import torchvision
from PIL import Image
from torchvision import transforms

BATCH = 64
MEAN, DEVIATION = (0.49, 0.48, 0.45), (0.25, 0.24, 0.26)

CROP_AND_FLIP = [transforms.RandomCrop(32, padding=4), transforms.RandomHorizontalFlip()]
NORMALISE = [transforms.ToTensor(), transforms.Normalize(MEAN, DEVIATION)]
PHOTOGRAPHS = [transforms.RandomResizedCrop(224), transforms.RandomHorizontalFlip()] + NORMALISE
TASKS = {
    "crop-flip": CROP_AND_FLIP + NORMALISE,
    "rand-augment": CROP_AND_FLIP + [transforms.RandAugment()] + NORMALISE
    + [transforms.RandomErasing()],
    "photographs": PHOTOGRAPHS,
    "prepared-photographs": PHOTOGRAPHS,  # which torchvision decodes all the same
}


def main():
    task, warm_up, directory = sys.argv[1], float(sys.argv[2]), sys.argv[3]
    torch.set_num_threads(1)
    torch.manual_seed(1)
    change = transforms.Compose(TASKS[task])
    files = []
    for name in sorted(glob.glob(directory + "/*.jpg")):
        with open(name, "rb") as file:
            files.append(file.read())

    def step(first):
        chosen = (files[(first + i) % len(files)] for i in range(BATCH))
        torch.stack([change(Image.open(io.BytesIO(file)).convert("RGB")) for file in chosen])

    def run(seconds):
        start = time.process_time()
        images = 0
        while True:
            step(images)
            images += BATCH
            elapsed = time.process_time() - start
            if elapsed >= seconds:
                return images, elapsed

    run(warm_up)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print("ready", len(files), peak, "torchvision %s, PyTorch %s, Pillow %s" % (
        torchvision.__version__, torch.__version__, PIL.__version__), flush=True)
    for line in sys.stdin:
        print("ran %d %.6f" % run(float(line.split()[1])), flush=True)


main()
