# SPDX-License-Identifier: Apache-2.0
"""The scripts under test are imported by their files' names as well as run."""

import pathlib
import sys

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent.parent / "scripts"
sys.path.insert(0, str(SCRIPTS))
