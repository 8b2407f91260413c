# SPDX-License-Identifier: Apache-2.0
"""These tests run the optimised program, with the tools of the browser tests."""

import os
import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "Browser"))
os.environ["SALUS_PROGRAM"] = str(TESTS.parent / ".build" / "release" / "salus")
