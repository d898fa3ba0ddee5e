"""What is said, and what comes back: a log and an archive of results, whole after every part."""

import io
import os
import sys
import tarfile
import threading
import time

WHOLE_FILE_BYTES = 1 << 20


class Log:
    """Lines for a person, on the terminal and in a file, which has each as soon as it is said."""

    def __init__(self, path):
        self.file = open(path, "w", encoding="utf-8", errors="replace", buffering=1)
        self.lock = threading.Lock()
        self.begin = time.monotonic()

    def seconds(self):
        return time.monotonic() - self.begin

    def line(self, text):
        with self.lock:
            self.file.write(text + "\n")
            try:
                sys.stdout.write(text + "\n")
                sys.stdout.flush()
            except OSError:
                pass  # nobody reads any longer; the file goes on

    def title(self, text):
        self.line("\n== %s (%.0f s)" % (text, self.seconds()))


def pack(folder, archive):
    """Replaces an archive by one of a folder's files; of long ones it holds the end."""
    whole = archive + ".new"
    with tarfile.open(whole, "w:gz") as tar:
        for parent, _, names in os.walk(folder):
            for name in sorted(names):
                path = os.path.join(parent, name)
                try:
                    add(tar, path, os.path.relpath(path, folder))
                except OSError:
                    pass  # it is being replaced, and comes next time
    os.replace(whole, archive)


def add(tar, path, name):
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > WHOLE_FILE_BYTES:
            file.seek(size - WHOLE_FILE_BYTES)
            name += ".end"
        content = file.read(WHOLE_FILE_BYTES)
    entry = tarfile.TarInfo("results/" + name)
    entry.size = len(content)
    entry.mtime = int(os.path.getmtime(path))
    tar.addfile(entry, io.BytesIO(content))
