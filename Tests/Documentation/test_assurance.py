# SPDX-License-Identifier: Apache-2.0
"""The page of promises: each names a test that is there, or says that it has none."""

import re

from pages import ROOT, Page

ASSURANCE = Page(ROOT / "Documentation" / "assurance.md")
NAMED = re.compile(r"`(Tests/[\w+./-]+)` \(((?:`\w+`(?:, )?)+)\)")
NONE = "**no test yet**"


def promises():
    """(line, promise, what keeps it) of every row."""
    for line, text in ASSURANCE.prose:
        cells = [cell.strip() for cell in text.strip("|").split(" | ")]
        if text.startswith("| ") and len(cells) == 2 and cells != ["promise", "kept by"]:
            yield line, *cells


def test_every_promise_names_its_test():
    wrong = []
    for line, promise, kept_by in promises():
        if kept_by != NONE and not all(NAMED.fullmatch(part) for part in kept_by.split("; ")):
            wrong.append(f"{line}: {promise}: {kept_by}")
        for path, names in NAMED.findall(kept_by):
            text = (ROOT / path).read_text(encoding="utf-8") if (ROOT / path).exists() else ""
            for name in re.findall(r"\w+", names):
                if not re.search(rf"(?:func|def) {name}\b", text):
                    wrong.append(f"{line}: {path} has no test {name}")
    assert not wrong, "\n".join(wrong)


def test_the_page_is_read():
    assert len(list(promises())) > 60


def test_no_promise_stands_twice():
    said = [promise for _, promise, _ in promises()]
    assert len(set(said)) == len(said)
