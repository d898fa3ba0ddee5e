"""Copies jars without compressing what is in them: together they then become smaller than compressed ones.

    stored_jars.py FOLDER JAR...

Of JNA's own libraries only those of Linux on common processors are taken along.
"""

import os
import re
import sys
import zipfile

OTHER_SYSTEMS = re.compile(r"com/sun/jna/(?!linux-x86-64/|linux-aarch64/)[a-z0-9]+-[a-z0-9-]+/")


def main(folder, jars):
    for jar in jars:
        with zipfile.ZipFile(jar) as source, zipfile.ZipFile(
            os.path.join(folder, os.path.basename(jar)), "w", zipfile.ZIP_STORED
        ) as copy:
            for entry in source.infolist():
                if not OTHER_SYSTEMS.match(entry.filename):
                    copy.writestr(zipfile.ZipInfo(entry.filename), source.read(entry))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
