# SPDX-License-Identifier: Apache-2.0
"""Counts of a JUnit report, as `swift test --xunit-output` and `pytest --junitxml` write them."""

import dataclasses
import xml.etree.ElementTree as ElementTree


@dataclasses.dataclass(frozen=True)
class Counts:
    """How many tests passed, failed and were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other):
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def count(path):
    """The counts of a report; of a missing or broken one, nothing."""
    try:
        cases = list(ElementTree.parse(path).iter("testcase"))
    except (OSError, ElementTree.ParseError):
        return Counts()
    failed = sum(1 for case in cases if case.find("failure") is not None or case.find("error") is not None)
    skipped = sum(1 for case in cases if case.find("skipped") is not None)
    return Counts(len(cases) - failed - skipped, failed, skipped)


def verdict(path, status):
    """The counts of a suite that ended with this exit status.

    A suite that ended badly without a failed test in its report, or that ran no test at all, counts as one
    failure: a crash must not look like silence.
    """
    counts = count(path)
    nothing = counts == Counts()
    if counts.failed == 0 and (status != 0 or nothing):
        return counts + Counts(failed=1)
    return counts
