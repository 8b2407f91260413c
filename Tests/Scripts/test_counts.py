# SPDX-License-Identifier: Apache-2.0
"""The totals are true: a crash and an empty run are failures."""

from junit import Counts, verdict

SWIFT = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites><testsuite name="TestResults" errors="0" tests="3" failures="1" skipped="1" time="0.1">
<testcase classname="A" name="one()" time="0.1" />
<testcase classname="A" name="two()"><skipped>because</skipped></testcase>
<testcase classname="A" name="bad(_:)"><failure message="n" /><failure message="again" /></testcase>
<testcase classname="A.S" name="inside()" time="0.1" />
</testsuite></testsuites>"""
PYTEST = """<testsuites><testsuite name="pytest"><testcase name="a"/><testcase name="b"><error message="e"/></testcase>
</testsuite></testsuites>"""


def written(folder, text):
    path = folder / "report.xml"
    path.write_text(text)
    return path


def test_reports_are_counted(tmp_path):
    assert verdict(written(tmp_path, SWIFT), 1) == Counts(2, 1, 1)
    assert verdict(written(tmp_path, PYTEST), 1) == Counts(1, 1, 0)


def test_a_crash_is_one_failure(tmp_path):
    assert verdict(tmp_path / "missing.xml", 139) == Counts(0, 1, 0)
    assert verdict(written(tmp_path, SWIFT[:300]), 139) == Counts(0, 1, 0)
    assert verdict(written(tmp_path, "<testsuites><testcase/></testsuites>"), 134) == Counts(1, 1, 0)


def test_no_test_at_all_is_a_failure(tmp_path):
    assert verdict(written(tmp_path, "<testsuites/>"), 0) == Counts(0, 1, 0)


def test_the_total_reads_as_promised():
    assert str(Counts(12, 0, 3) + Counts(1, 2, 0)) == "13 passed, 2 failed, 3 skipped"
