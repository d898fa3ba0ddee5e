"""The parts of a check, in the order in which their answers are wanted."""

import collections
import glob
import json
import os
from dataclasses import dataclass

from convoy import unpack
from log import pack
from machine import compiled_kernels

ALL_PRECISIONS = "BFLOAT16,TF32,FLOAT32"
FIRST_CASES = ("lenet-5", "resnet-20", "resnet-50")

# Of PyTorch: what is compared with first; then what is not compiled either; names are those of pytorch_peer.py.
WANTED = "graph-channels-last-bfloat16,eager-channels-last-bfloat16,graph-channels-last-tf32"
OTHERS = "eager-float32,eager-tf32,graph-float32,eager-channels-last-tf32"


@dataclass(frozen=True)
class Sizes:
    """What networks are asked, and how much: of speed as pairs of network and batch."""

    smoke: tuple
    cases: tuple
    pairs: tuple
    later_pairs: tuple
    peer_of: dict
    too_large: tuple
    sample_seconds: float
    epochs: int
    wanted: str


REAL = Sizes(
    smoke=(("lenet-5", "FLOAT32"), ("resnet-20", ALL_PRECISIONS)),
    cases=(),
    pairs=(("resnet-20", 128), ("resnet-50", 128)),
    later_pairs=(("resnet-18", 128), ("resnet-20", 64)),
    peer_of={},
    # More than the 8 GiB that the check leaves of a card, and fewer values in a tensor than kernels count.
    too_large=("resnet-50", 512),
    sample_seconds=0.3,
    epochs=12,
    wanted=WANTED,
)

SIMULATED = Sizes(
    smoke=(("lenet-5", "FLOAT32"), ("activations", "BFLOAT16")),
    cases=("lenet-5", "activations"),
    pairs=(("lenet-5", 4),),
    later_pairs=(),
    peer_of={"lenet-5": "resnet-20"},
    too_large=("resnet-9", 1 << 16),
    sample_seconds=0,
    epochs=1,
    wanted="eager-float32",
)


class Check:
    def __init__(self, sizes, options, home, scratch, results, machine, convoy, peer):
        self.sizes = sizes
        self.options = options
        self.home = home
        self.scratch = scratch
        self.results = results
        self.machine = machine
        self.convoy = convoy
        self.peer = peer
        self.processes = convoy.processes
        self.log = self.processes.log
        self.wrong = False

    def all(self):
        """Returns the status for the system."""
        asked = self.options.only
        self.begin()
        if "smoke" in asked and not self.smoke():
            self.log.line("The smallest networks cannot be computed: the rest is not tried.")
            self.processes.settle(20)
            return 3
        if "gradients" in asked:
            self.gradients()
        if "speed" in asked:
            self.quiet()
            for network, batch in self.sizes.pairs:
                self.pair(network, batch)
        if "cifar" in asked:
            self.quiet()
            self.cifar()
        if "compiled" in asked:
            self.quiet()
            for network, batch in self.sizes.pairs:
                self.compiled(network, batch)
        if "more" in asked:
            self.quiet()
            self.more()
        self.processes.settle(self.processes.left() - 10)
        self.summary()
        return 1 if self.wrong else 0

    def begin(self):
        self.log.title("machine")
        self.machine.say()
        self.machine.watch(os.path.join(self.results, "nvidia-smi.csv"))
        self.processes.background("reading libraries", self.machine.read_libraries)
        if "cifar" in self.options.only:
            self.processes.background("unpacking CIFAR-10", self.unpack_cifar)
        if not self.options.simulated and "smoke" in self.options.only:
            self.processes.background("ptxas", self.compile_kernels)
        self.convoy.unpack()
        self.log.title("found")
        # As a user has it: nothing tells the loader where libraries are.
        self.check(60, "found", in_front=False, logged=True)

    def check(self, seconds, part, report=None, **options):
        status = self.convoy.check(seconds, part, report, **options)
        self.wrong |= status != 0
        if status not in (0, 1):
            self.show_logs(report or part)
        self.keep()
        return status

    def show_logs(self, report):
        """What the libraries wrote down last."""
        for path in sorted(glob.glob(os.path.join(self.results, report + "-cu*.txt"))):
            with open(path, encoding="utf-8", errors="replace") as file:
                for line in collections.deque(file, 12):
                    self.log.line("%s: %s" % (os.path.basename(path), line.rstrip("\n")[:300]))

    def keep(self):
        """What is found so far can be had from now on."""
        pack(self.results, os.path.join(self.options.out, "results.tar.gz"))

    def quiet(self):
        """Nothing that is timed runs beside other work."""
        self.processes.settle(120)

    def smoke(self):
        self.log.title("smoke test")
        for network, precisions in self.sizes.smoke:
            options = {"networks": network, "precisions": precisions, "logged": True}
            report = "smoke-" + network
            if self.check(60, "gradients", report, in_front=False, **options) not in (0, 1):
                self.log.line("Once more, with the libraries' folders in front of the loader's path.")
                if self.check(60, "gradients", report, **options) not in (0, 1):
                    return False
        return True

    def gradients(self):
        if not self.options.simulated:
            self.processes.background("compiling for PyTorch", self.compile)
        self.log.title("gradients")
        for case in self.cases():
            self.check(60, "gradients", "gradients-" + case, logged=True, networks=case)
        self.log.title("less precision, and too large a batch")
        for network, batch in self.sizes.pairs:
            self.check(60, "precisions", "precisions-" + network, logged=True, networks=network, batch=batch)
        network, batch = self.sizes.too_large
        self.check(60, "memory", logged=True, networks=network, batch=batch, precisions="FLOAT32")

    def cases(self):
        if self.sizes.cases:
            return self.sizes.cases
        names = sorted(os.listdir(os.path.join(self.convoy.home, "cases")))
        return [name for name in FIRST_CASES if name in names] + [name for name in names if name not in FIRST_CASES]

    def compile(self):
        networks = [network for network, _ in self.sizes.pairs]
        self.peer.compile(150, networks, self.sizes.pairs[0][1])

    def compile_kernels(self):
        sources = os.path.join(self.home, "worker-model/src/main/resources/dev/convoy/worker/cuda")
        compiled_kernels(sources, self.machine.architecture(), os.path.join(self.results, "ptxas.txt"))

    def pair(self, network, batch):
        """Convoy before and after PyTorch: what the card's temperature does is seen."""
        self.speed(network, batch, "1")
        self.log.title("PyTorch: %s, batch %d" % (network, batch))
        self.measure_peer(70, network, batch, self.sizes.wanted)
        self.speed(network, batch, "2")

    def speed(self, network, batch, run, precisions="BFLOAT16"):
        self.log.title("Convoy: %s, batch %d, %s" % (network, batch, precisions))
        self.check(
            60,
            "speed",
            "speed-%s-%d-%s" % (network, batch, run),
            networks=network,
            batch=batch,
            precisions=precisions,
            sample_seconds=self.sizes.sample_seconds,
        )

    def measure_peer(self, seconds, network, batch, modes):
        name = self.sizes.peer_of.get(network, network)
        self.peer.measure(seconds, name, batch, modes, self.sizes.sample_seconds)
        self.keep()

    def compiled(self, network, batch):
        if not self.options.simulated:
            self.log.title("PyTorch, compiled: %s, batch %d" % (network, batch))
            self.measure_peer(110, network, batch, "compiled")

    def more(self):
        for network, batch in self.sizes.later_pairs:
            self.pair(network, batch)
        for network, batch in self.sizes.pairs:
            self.speed(network, batch, "other", "TF32,FLOAT32")
            self.log.title("PyTorch: %s, batch %d, other ways" % (network, batch))
            self.measure_peer(60, network, batch, OTHERS if not self.options.simulated else self.sizes.wanted)

    def cifar_archive(self):
        named = "cifar10-jpeg.tar.gz"
        folders = ("target/gpu-cifar", "shared/data", "../shared/data")
        candidates = [self.options.cifar]
        if not self.options.simulated:
            candidates += [os.path.join(self.home, folder, named) for folder in folders]
        return next((path for path in candidates if path and os.path.isfile(path)), None)

    def cifar_folder(self):
        """Where the images are, or will be; empty if nobody has them."""
        archive = self.cifar_archive()
        if self.options.cifar and os.path.isdir(self.options.cifar):
            return self.options.cifar
        return os.path.join(self.scratch, "cifar10-%d" % os.path.getsize(archive)) if archive else ""

    def unpack_cifar(self):
        folder = self.cifar_folder()
        if folder and not os.path.isdir(folder):
            unpack(self.cifar_archive(), folder)

    def cifar(self):
        self.log.title("CIFAR-10")
        images = self.cifar_folder()
        if os.path.isdir(os.path.join(images, "train")):
            network, batch = self.sizes.pairs[0]
            options = {"networks": network, "batch": batch, "epochs": self.sizes.epochs}
            self.check(150, "cifar", images=images, precisions="BFLOAT16", **options)
        else:
            self.log.line("CIFAR-10 is left out: expected it in target/gpu-cifar or by --cifar, found none.")

    def summary(self):
        self.log.title("summary")
        # Whatever the rest took: a second is enough.
        self.processes.limit = max(self.processes.limit, self.log.seconds() + 15)
        self.convoy.check(10, "summary")
        with open(os.path.join(self.results, "convoy-summary.json"), encoding="utf-8") as file:
            lines = json.load(file).get("lines", [])
        with open(os.path.join(self.options.out, "summary.txt"), "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)
        self.keep()
