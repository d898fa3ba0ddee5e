"""Processes within the time that there is, and work in the background that nothing timed runs beside."""

import os
import signal
import subprocess
import sys
import threading
import time

# A group of its own, so that what a process starts ends with it.
GROUP = {"process_group": 0} if sys.version_info >= (3, 11) else {"start_new_session": True}
GRACE_SECONDS = 4
LEAST_SECONDS = 4


class Processes:
    def __init__(self, log, limit):
        self.log = log
        self.limit = limit
        self.groups = []
        self.threads = []

    def left(self):
        return self.limit - self.log.seconds()

    def run(self, seconds, command, environment=None):
        """Runs a command that long at most and logs what it says; returns its status, negative for a signal."""
        seconds = min(seconds, self.left())
        if seconds < LEAST_SECONDS:
            self.log.line("No time is left.")
            return None
        process = self.start(command, environment, subprocess.PIPE)
        reader = threading.Thread(target=self.copy, args=(process.stdout,), daemon=True)
        reader.start()
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.log.line("Stopped after %.0f seconds." % seconds)
            status = None
        self.end(process)
        reader.join(GRACE_SECONDS)
        return status

    def start(self, command, environment, output):
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            **GROUP,
        )
        self.groups.append(process)
        return process

    def copy(self, lines):
        for line in lines:
            if line.startswith(b"SLF4J: "):
                continue  # nothing is to be logged that way
            self.log.line(line.decode("utf-8", "replace").rstrip("\n"))

    def end(self, process):
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, number)
            except OSError:
                break
            try:
                process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                continue
        if process in self.groups:
            self.groups.remove(process)

    def background(self, name, work):
        """Begins work in a thread of its own; what goes wrong there is logged."""

        def guarded():
            begin = time.monotonic()
            try:
                work()
                self.log.line("[background] %s: %.1f s" % (name, time.monotonic() - begin))
            except Exception as problem:  # pylint: disable=broad-except
                self.log.line("[background] %s: %r" % (name, problem))

        thread = threading.Thread(target=guarded, name=name, daemon=True)
        self.threads.append(thread)
        thread.start()

    def settle(self, seconds):
        """Waits for the background that long, and for its last work no longer; says what still runs."""
        end = time.monotonic() + min(seconds, max(0, self.left()))
        for thread in self.threads:
            thread.join(max(0, end - time.monotonic()))
        self.threads = [thread for thread in self.threads if thread.is_alive()]
        for thread in self.threads:
            self.log.line("Still runs in the background: %s" % thread.name)

    def end_all(self):
        for process in list(self.groups):
            self.end(process)
