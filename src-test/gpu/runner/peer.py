"""PyTorch beside Convoy, if a python of this machine has it."""

import os

SCRIPT = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), "pytorch_peer.py")


class Peer:
    def __init__(self, processes, machine, scratch, results, device):
        self.processes = processes
        self.machine = machine
        self.scratch = scratch
        self.results = results
        self.device = device

    def environment(self):
        """Compiled kernels are kept from one process and call to the next."""
        return dict(
            os.environ,
            PYTHONUNBUFFERED="1",
            PYTHONDONTWRITEBYTECODE="1",
            TORCHINDUCTOR_CACHE_DIR=os.path.join(self.scratch, "inductor"),
            TRITON_CACHE_DIR=os.path.join(self.scratch, "triton"),
            CUDA_CACHE_PATH=os.path.join(self.scratch, "cuda-cache"),
            CUDA_CACHE_DISABLE="0",
        )

    def command(self, seconds, network, batch, modes):
        command = [self.machine.python, SCRIPT, "--network", network, "--batch", str(batch), "--modes", modes]
        limit = int(max(5, min(seconds, self.processes.left() - 3)))
        return command + ["--device", self.device, "--limit", str(limit)]

    def measure(self, seconds, network, batch, modes, sample_seconds):
        if self.machine.python is None:
            self.processes.log.line("PyTorch: none")
            return
        command = self.command(seconds, network, batch, modes) + ["--sample-seconds", str(sample_seconds)]
        command += ["--out", os.path.join(self.results, "pytorch-%s-%d.json" % (network, batch))]
        status = self.processes.run(seconds + 5, command, self.environment())
        if status != 0:
            self.processes.log.line("PyTorch: status %s" % status)

    def compile(self, seconds, networks, batch):
        """Has networks compiled before anything is timed."""
        for network in networks:
            if self.machine.python is not None:
                command = self.command(seconds, network, batch, "compiled") + ["--warm-up"]
                self.processes.run(seconds + 5, command, self.environment())
