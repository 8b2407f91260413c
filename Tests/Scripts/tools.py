# SPDX-License-Identifier: Apache-2.0
"""Small trees to check, and the checks run on them as a person would."""

import pathlib
import subprocess

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent.parent / "scripts"
LICENCE = "// SPDX-License-Identifier: Apache-2.0\n"


def tree(root, files):
    """Writes files (path -> text) below a folder."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def run(script, *arguments, **options):
    """Runs a script of the repository; its exit status and everything that it said."""
    done = subprocess.run(
        [str(SCRIPTS / script), *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        **options)
    return done.returncode, done.stdout + done.stderr
