"""What this machine has: a GPU, a python with PyTorch, NVIDIA's libraries in Python's packages."""

import glob
import os
import shutil
import subprocess

FOUND = """
import importlib.util, os, site, sys
folders = []
for place in list(sys.path) + site.getsitepackages() + [site.getusersitepackages()]:
    folder = os.path.join(place, "nvidia")
    if place and os.path.isdir(folder) and folder not in folders:
        folders.append(folder)
torch = importlib.util.find_spec("torch")
print(os.path.dirname(torch.origin) if torch and torch.origin else "")
print(":".join(folders))
"""

QUERY = "name,compute_cap,driver_version,memory.total,memory.used,clocks.sm,clocks.max.sm,power.limit"
WATCHED = "timestamp,clocks.sm,clocks.mem,power.draw,temperature.gpu,memory.used,utilization.gpu"


class Machine:
    """Looks, and imports nothing: PyTorch takes long to be read from a cold disk."""

    def __init__(self, processes):
        self.processes = processes
        self.python = None
        self.torch = None
        self.packages = []
        for candidate in (os.environ.get("CONVOY_PYTHON"), "python3", "python", "/usr/bin/python3"):
            if candidate and shutil.which(candidate):
                torch, packages = asked(candidate)
                self.packages += [folder for folder in packages if folder not in self.packages]
                if torch:
                    self.python, self.torch = candidate, torch
                    break

    def libraries(self):
        """What Convoy is told: folders of Python's packages, and where containers have the driver."""
        named = [os.environ.get("CONVOY_CUDA_LIBRARIES")] + self.packages
        if os.path.isdir("/usr/local/nvidia"):
            named.append("/usr/local/nvidia")
        return ":".join(folder for folder in named if folder)

    def library_folders(self):
        """Folders for LD_LIBRARY_PATH."""
        return sorted(folder for packages in self.packages for folder in glob.glob(packages + "/*/lib"))

    def say(self):
        log = self.processes.log
        system = os.uname()
        log.line("%s %s %s, %d processors" % (system.sysname, system.release, system.machine, os.cpu_count()))
        log.line("python with PyTorch: %s (%s)" % (self.python, self.torch))
        log.line("CONVOY_CUDA_LIBRARIES=%s" % self.libraries())
        log.line("LD_LIBRARY_PATH=%s" % os.environ.get("LD_LIBRARY_PATH", ""))
        if shutil.which("nvidia-smi"):
            self.processes.run(20, ["nvidia-smi", "--query-gpu=" + QUERY, "--format=csv"])
        else:
            log.line("no nvidia-smi")

    def architecture(self):
        """Of the card, for ptxas."""
        query = ["nvidia-smi", "--query-gpu=compute_cap", "--format=csv,noheader"]
        answer = subprocess.run(query, capture_output=True, text=True, timeout=30, check=True)
        return "sm_" + answer.stdout.splitlines()[0].strip().replace(".", "")

    def watch(self, file):
        """Writes clocks, power, temperature and memory each second, until everything ends."""
        if shutil.which("nvidia-smi"):
            with open(file, "a", encoding="utf-8") as lines:
                self.processes.start(["nvidia-smi", "--query-gpu=" + WATCHED, "--format=csv", "-l", "1"], None, lines)

    def read_libraries(self):
        """Reads what both are going to load, so that no figure holds the disk: Convoy's first."""
        folders = self.library_folders()
        folders.sort(key=lambda folder: not any(name in folder for name in ("cudnn", "cublas", "cu13")))
        buffer = bytearray(16 << 20)
        for folder in folders + ([os.path.join(self.torch, "lib")] if self.torch else []):
            for path in sorted(glob.glob(folder + "/*.so*")):
                if os.path.isfile(path):
                    with open(path, "rb", buffering=0) as file:
                        while file.readinto(buffer):
                            pass


def asked(python):
    try:
        answer = subprocess.run([python, "-c", FOUND], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return "", []
    torch, packages = (answer.stdout.splitlines() + ["", ""])[:2]
    return torch, [folder for folder in packages.split(":") if folder]


def compiled_kernels(sources, architecture, file):
    """What ptxas says of Convoy's kernels, where it is: registers and spilled memory, for a person."""
    compiler = shutil.which("ptxas") or "/usr/local/cuda/bin/ptxas"
    if not os.path.exists(compiler):
        return
    with open(file, "w", encoding="utf-8") as lines:
        for source in sorted(glob.glob(sources + "/*.ptx")):
            lines.write("%s\n" % os.path.basename(source))
            lines.flush()
            subprocess.run(
                [compiler, "-arch=" + architecture, "-v", "-o", os.devnull, source],
                stdout=lines,
                stderr=subprocess.STDOUT,
                timeout=120,
                check=False,
            )
