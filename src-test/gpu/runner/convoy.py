"""Convoy's parts, a process of Java each."""

import hashlib
import os
import shutil
import subprocess
import tarfile


class Convoy:
    def __init__(self, processes, machine, prepared, scratch, results, simulated):
        self.processes = processes
        self.machine = machine
        self.prepared = prepared
        self.scratch = scratch
        self.results = results
        self.simulated = simulated
        self.home = None
        self.java = None

    def unpack(self):
        """Unpacks the Java runtime, Convoy and the networks, unless an earlier call has."""
        archive = os.path.join(self.prepared, "check.tar.xz")
        with open(archive, "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()[:16]
        self.home = os.path.join(self.scratch, "check-" + digest)
        if not os.path.isdir(self.home):
            unpack(archive, self.home)
        self.java = os.path.join(self.home, "runtime", "bin", "java")
        works = subprocess.run([self.java, "-version"], capture_output=True, text=True, timeout=60, check=False)
        if works.returncode != 0:
            self.processes.log.line("The prepared Java runtime does not run here: %s" % works.stderr)
            self.java = shutil.which("java")
            if self.java is None:
                raise SystemExit("Cannot check the GPU: expected a java of 17 or later, found none.")
        self.processes.run(20, [self.java, "-version"])

    def environment(self, report, in_front, logged):
        """
        in_front: whether the loader searches Python's packages before everything else. Without that, Convoy finds
        libraries by itself. logged: whether cuDNN and cuBLAS write down what goes wrong, which takes time.
        """
        environment = dict(
            os.environ,
            CONVOY_CUDA_LIBRARIES=self.machine.libraries(),
            CUDA_CACHE_PATH=os.path.join(self.scratch, "cuda-cache"),
            CUDA_CACHE_DISABLE="0",
        )
        if in_front:
            # Behind all: what the machine lacks of pictures' libraries is taken from the runtime.
            folders = self.machine.library_folders() + [os.environ.get("LD_LIBRARY_PATH", "")]
            folders.append(os.path.join(self.home, "runtime", "lib"))
            environment["LD_LIBRARY_PATH"] = ":".join(folder for folder in folders if folder)
        if logged:
            file = os.path.join(self.results, report)
            environment.update(
                CUDNN_LOGLEVEL_DBG="2",
                CUDNN_LOGDEST_DBG=file + "-cudnn.txt",
                CUDNN_LOGERR_DBG="1",
                CUDNN_LOGWARN_DBG="1",
                CUBLAS_LOGINFO_DBG="1",
                CUBLAS_LOGDEST_DBG=file + "-cublas.txt",
                CUBLASLT_LOG_LEVEL="1",
                CUBLASLT_LOG_FILE=file + "-cublaslt.txt",
            )
        return environment

    def check(self, seconds, part, report=None, in_front=True, logged=False, **options):
        """Runs a part; returns its status: 0 if all was right, 1 if an answer was not, others if it failed."""
        report = report or part
        temporary = os.path.join(self.scratch, "temporary")
        os.makedirs(temporary, exist_ok=True)
        command = [self.java, "-Xmx6g", "-Xss8m", "-XX:+UseParallelGC", "-XX:+ErrorFileToStdout"]
        command += ["-Djava.awt.headless=true", "-Djava.io.tmpdir=" + temporary, "-Djna.tmpdir=" + temporary]
        command += ["-cp", os.path.join(self.home, "jars", "*"), "dev.convoy.gpu.GpuCheck", part, "--report", report]
        limit = int(max(5, min(seconds, self.processes.left() - 3)))
        command += ["--data", self.home, "--out", self.results, "--limit", str(limit)]
        for name, value in options.items():
            command += ["--" + name.replace("_", "-"), str(value)]
        if self.simulated:
            command.append("--simulated")
        status = self.processes.run(seconds + 5, command, self.environment(report, in_front, logged))
        if status != 0:
            self.processes.log.line("%s: status %s" % (report, status))
        return status


def unpack(archive, folder):
    """Unpacks into a new folder, which is there only if all of it is."""
    part = folder + ".part"
    shutil.rmtree(part, ignore_errors=True)
    os.makedirs(part)
    # The program is faster; it may be missing, or xz.
    tar = shutil.which("tar")
    if not tar or subprocess.run([tar, "-C", part, "-xf", archive], capture_output=True, check=False).returncode != 0:
        with tarfile.open(archive) as whole:
            if hasattr(tarfile, "data_filter"):
                whole.extractall(part, filter="data")
            else:
                whole.extractall(part)
    os.rename(part, folder)
