"""Images per second of the same networks in PyTorch, in training and in inference.

    pytorch_peer.py --network resnet-20 --batch 128 --out FILE [--modes plain|compiled|NAME,...]
                    [--limit SECONDS] [--device cuda|cpu] [--sample-seconds S] [--warm-up]

Images are on the device already, normalised; a step is forward, loss, backward and SGD with a momentum of 0.9. In
inference, which is measured where nothing is compiled, probabilities stay on the device. Each way ("mode") of running
them is measured by itself; one that fails says why, and the others go on. FILE holds JSON after every mode; modes that
it has already from another call stay. With --warm-up nothing is measured and written: kernels are compiled, which
PyTorch keeps in TORCHINDUCTOR_CACHE_DIR and TRITON_CACHE_DIR.
"""

import argparse
import json
import math
import os
import statistics
import sys
import threading
import time
import traceback

import torch
from torch import nn
from torch.nn import functional

WARM_UP = 6
REPETITIONS = 7

# name: (channels last, autocast to bfloat16, TF32, how steps are run). The most wanted first: time may run out.
MODES = {
    "graph-channels-last-bfloat16": (True, True, True, "graph"),
    "eager-channels-last-bfloat16": (True, True, True, "eager"),
    "eager-float32": (False, False, False, "eager"),
    "eager-tf32": (False, False, True, "eager"),
    "graph-channels-last-tf32": (True, False, True, "graph"),
    "graph-float32": (False, False, False, "graph"),
    "eager-channels-last-tf32": (True, False, True, "eager"),
    # The step as a whole is captured, compiled kernels, optimizer and all.
    "compile-captured-channels-last-bfloat16": (True, True, True, "compile-captured"),
    "compile-graph-channels-last-bfloat16": (True, True, True, "compile-graph"),
    "compile-channels-last-bfloat16": (True, True, True, "compile"),
}


class BasicBlock(nn.Module):
    """He et al. 2015: two convolutions of 3 x 3, and a projection where the shape changes."""

    def __init__(self, inputs, channels, stride):
        super().__init__()
        self.first = nn.Conv2d(inputs, channels, 3, stride, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(channels)
        self.second = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(channels)
        self.shortcut = projection(inputs, channels, stride)

    def forward(self, x):
        y = functional.relu(self.first_norm(self.first(x)))
        y = self.second_norm(self.second(y))
        return functional.relu(y + self.shortcut(x))


class Bottleneck(nn.Module):
    """He et al. 2015: 1 x 1, 3 x 3 with the stride, 1 x 1 to four times as many channels."""

    def __init__(self, inputs, channels, stride):
        super().__init__()
        self.first = nn.Conv2d(inputs, channels, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(channels)
        self.second = nn.Conv2d(channels, channels, 3, stride, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(channels)
        self.third = nn.Conv2d(channels, 4 * channels, 1, bias=False)
        self.third_norm = nn.BatchNorm2d(4 * channels)
        self.shortcut = projection(inputs, 4 * channels, stride)

    def forward(self, x):
        y = functional.relu(self.first_norm(self.first(x)))
        y = functional.relu(self.second_norm(self.second(y)))
        y = self.third_norm(self.third(y))
        return functional.relu(y + self.shortcut(x))


def projection(inputs, outputs, stride):
    if stride == 1 and inputs == outputs:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))


class ResidualNetwork(nn.Module):
    def __init__(self, stem, inputs, block, widths, depths, expansion, classes):
        super().__init__()
        self.stem = stem
        blocks = []
        for stage, (width, depth) in enumerate(zip(widths, depths)):
            for number in range(depth):
                blocks.append(block(inputs, width, 2 if stage > 0 and number == 0 else 1))
                inputs = expansion * width
        self.blocks = nn.Sequential(*blocks)
        self.classifier = nn.Linear(inputs, classes)

    def forward(self, x):
        x = self.blocks(self.stem(x))
        return self.classifier(x.mean((2, 3)))


def small_stem():
    return nn.Sequential(nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU())


def large_stem():
    return nn.Sequential(
        nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)
    )


def network(name):
    """Network, side of its images, classes."""
    if name == "resnet-20":
        return ResidualNetwork(small_stem(), 16, BasicBlock, (16, 32, 64), (3, 3, 3), 1, 10), 32, 10
    widths = (64, 128, 256, 512)
    if name == "resnet-18":
        return ResidualNetwork(large_stem(), 64, BasicBlock, widths, (2, 2, 2, 2), 1, 1000), 224, 1000
    if name == "resnet-50":
        return ResidualNetwork(large_stem(), 64, Bottleneck, widths, (3, 4, 6, 3), 4, 1000), 224, 1000
    raise ValueError("unknown network " + name)


def optimizer(model, fused):
    """One kernel for all parameters, where this PyTorch has that, and whether it has."""
    if fused:
        try:
            return torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, fused=True), True
        except (TypeError, RuntimeError):
            pass
    return torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9), False


class Measurement:
    def __init__(self, name, batch, mode, device, seconds):
        self.channels_last, self.bfloat16, tf32, self.way = MODES[mode]
        self.device = device
        self.cuda = device == "cuda"
        self.batch = batch
        self.seconds = seconds
        if self.cuda:
            torch.backends.cuda.matmul.allow_tf32 = tf32
            torch.backends.cudnn.allow_tf32 = tf32
            torch.backends.cudnn.benchmark = True
            torch.cuda.reset_peak_memory_stats()
        elif self.way != "eager":
            raise RuntimeError("graphs and compilation are measured on a GPU alone")
        torch.manual_seed(1)
        self.model, side, classes = network(name)
        self.model.to(device)
        self.images = torch.randn(batch, 3, side, side, device=device)
        self.labels = torch.randint(0, classes, (batch,), device=device)
        if self.channels_last:
            self.model.to(memory_format=torch.channels_last)
            self.images = self.images.contiguous(memory_format=torch.channels_last)
        self.optimizer, self.fused = optimizer(self.model, self.cuda)
        self.loss = None
        self.first_loss = None

    def parameters(self):
        return sum(parameter.numel() for parameter in self.model.parameters())

    def compiles(self):
        return self.way.startswith("compile")

    def captures(self):
        return self.way in ("graph", "compile-captured")

    def forward(self, model):
        # Graphs keep what autocast has cast: its cache would be of another call.
        with torch.autocast(
            self.device, dtype=torch.bfloat16, enabled=self.bfloat16, cache_enabled=self.way == "eager"
        ):
            return model(self.images)

    def step_of(self, model):
        def step():
            # Gradients that are captured come from the memory of the graph, and no kernel clears them.
            self.optimizer.zero_grad(set_to_none=True)
            loss = functional.cross_entropy(self.forward(model).float(), self.labels)
            loss.backward()
            self.optimizer.step()
            self.loss = loss.detach()

        return step

    def answer_of(self, model):
        def answer():
            with torch.no_grad():
                functional.softmax(self.forward(model).float(), 1)

        return answer

    def captured(self, work):
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            self.warm_up(work)
        torch.cuda.current_stream().wait_stream(stream)
        self.optimizer.zero_grad(set_to_none=True)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            work()
        return graph.replay

    def warm_up(self, work):
        for _ in range(WARM_UP):
            work()
            if self.first_loss is None and self.loss is not None:
                self.first_loss = float(self.loss)

    def prepared_step(self):
        """A step that has been taken some times."""
        model = self.model
        if self.compiles():
            model = torch.compile(model, mode="reduce-overhead" if self.way == "compile-graph" else None)
        self.model.train()
        step = self.step_of(model)
        if self.captures():
            step = self.captured(step)
        self.warm_up(step)
        self.synchronize()
        return step

    def run(self):
        start = time.perf_counter()
        step = self.prepared_step()
        first = time.perf_counter() - start
        training = self.samples(step)
        found = {
            "batch": self.batch,
            "parameters": self.parameters(),
            "fusedOptimizer": self.fused,
            "training": statistics.median(training),
            "trainingSamples": training,
            "firstStepsSeconds": first,
            "firstLoss": self.first_loss,
            "lastLoss": float(self.loss),
        }
        if self.cuda:
            free, total = torch.cuda.mem_get_info()
            found["memoryBytes"] = torch.cuda.max_memory_allocated()
            found["takenOfCardBytes"] = total - free
        yield found
        if self.compiles():
            return
        self.model.eval()
        answer = self.answer_of(self.model)
        if self.captures():
            answer = self.captured(answer)
        self.repeat(answer, WARM_UP)
        inference = self.samples(answer)
        yield dict(found, inference=statistics.median(inference), inferenceSamples=inference)

    def synchronize(self):
        if self.cuda:
            torch.cuda.synchronize()

    def repeat(self, work, count):
        for _ in range(count):
            work()
        self.synchronize()

    def timed(self, work, count):
        start = time.perf_counter()
        self.repeat(work, count)
        return time.perf_counter() - start

    def samples(self, work):
        count = 1
        seconds = self.timed(work, count)
        while seconds < self.seconds and count < 10000:
            count = min(10000, int(count * min(10, max(2, self.seconds / max(seconds, 1e-6)))) + 1)
            seconds = self.timed(work, count)
        return [count * self.batch / self.timed(work, count) for _ in range(REPETITIONS)]


class Results:
    def __init__(self, path, head):
        self.path = path
        self.value = dict(head, entries=[])
        try:
            with open(path, encoding="utf-8") as file:
                self.value["entries"] = json.load(file)["entries"]
        except (OSError, ValueError, KeyError):
            pass

    def put(self, entry):
        self.value["entries"] = [e for e in self.value["entries"] if e["mode"] != entry["mode"]] + [entry]
        with open(self.path + ".new", "w", encoding="utf-8") as file:
            json.dump(self.value, file, indent=1)
        os.replace(self.path + ".new", self.path)


def measure(arguments, mode, results):
    batch = arguments.batch
    while True:
        try:
            entry = {"mode": mode, "network": arguments.network}
            for found in Measurement(
                arguments.network, batch, mode, arguments.device, arguments.sample_seconds
            ).run():
                entry.update(found)
                results.put(entry)
            print(line(dict({"inference": math.nan}, **entry)), flush=True)
            return
        except Exception as problem:  # pylint: disable=broad-except
            if "out of memory" in str(problem) and batch > 1:
                batch //= 2
            else:
                results.put(dict(entry, failed=traceback.format_exc()))
                print("%-10s %-40s failed: %s" % (arguments.network, mode, traceback.format_exc()), flush=True)
                return
        if arguments.device == "cuda":
            torch.cuda.empty_cache()


def line(entry):
    return (
        "%(network)-10s %(mode)-40s batch %(batch)4d: %(parameters)9d parameters, training %(training)10.0f, "
        "inference %(inference)10.0f, start %(firstStepsSeconds)6.1f s, loss %(firstLoss).3f to %(lastLoss).3f" % entry
    ) + ("" if math.isfinite(entry["lastLoss"]) else ": NO NUMBER")


def warm_up(arguments, mode):
    start = time.perf_counter()
    try:
        Measurement(arguments.network, arguments.batch, mode, arguments.device, 0).prepared_step()
        print("%s %s: first steps %.1f s" % (arguments.network, mode, time.perf_counter() - start), flush=True)
    except Exception:  # pylint: disable=broad-except
        print("%s %s failed: %s" % (arguments.network, mode, traceback.format_exc()), flush=True)


def modes(text):
    if text == "plain":
        return [mode for mode in MODES if not mode.startswith("compile")]
    if text == "compiled":
        return [mode for mode in MODES if mode.startswith("compile")]
    return text.split(",")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", required=True)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--out", help="needed unless --warm-up is given")
    parser.add_argument("--warm-up", action="store_true")
    parser.add_argument("--modes", type=modes, default="plain")
    parser.add_argument("--limit", type=float, default=300)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--sample-seconds", type=float, default=0.3)
    arguments = parser.parse_args()
    if not (arguments.warm_up or arguments.out):
        parser.error("expected --out FILE or --warm-up, found neither")
    head = {"torch": torch.__version__, "network": arguments.network}
    if arguments.device == "cuda":
        head["machine"] = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
        head["cuda"] = str(torch.version.cuda)
        head["cudnn"] = str(torch.backends.cudnn.version())
    print(" ".join("%s %s" % item for item in head.items()), flush=True)

    def stop():
        print("PyTorch is stopped after %.0f seconds." % arguments.limit, flush=True)
        os._exit(3)

    timer = threading.Timer(arguments.limit, stop)
    timer.daemon = True
    timer.start()
    results = None if arguments.warm_up else Results(arguments.out, head)
    for mode in arguments.modes:
        if arguments.warm_up:
            warm_up(arguments, mode)
        else:
            measure(arguments, mode, results)
        if arguments.device == "cuda":
            torch.cuda.empty_cache()
    return 0


if __name__ == "__main__":
    sys.exit(main())
