# SPDX-License-Identifier: Apache-2.0
"""Links lead somewhere: files, headings, pictures, and the places in the code that a page names."""

import functools
import re
import subprocess
import urllib.parse

import pytest

from pages import ROOT, Page, all_pages, anchor

PAGES = all_pages()
# `Sources/…/File.swift`, also with the name of something in it: `Sources/…/File.swift` (`decide`, `allows`).
PLACE = re.compile(r"`((?:Sources|Tests|scripts|Benchmarks|Fuzz)/[\w+./-]+)`(?: \(((?:`[^`]+`(?:, | and )?)+)\))?")
def of_name(page):
    return page.name


@pytest.mark.parametrize("page", PAGES, ids=of_name)
def test_links_lead_somewhere(page):
    wrong = []
    for line, target in page.links:
        if re.match(r"[a-z]+:", target):
            continue
        path, _, fragment = urllib.parse.unquote(target).partition("#")
        there = (page.path.parent / path).resolve() if path else page.path
        if not there.exists():
            wrong.append(f"{page.name}:{line}: there is no {target}")
        elif not is_kept(there):
            wrong.append(f"{page.name}:{line}: {target} is not in the repository")
        elif fragment and there.suffix == ".md" and fragment not in Page(there).anchors:
            wrong.append(f"{page.name}:{line}: {path or page.name} has no heading #{fragment}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("page", PAGES, ids=of_name)
def test_places_in_the_code_are_there(page):
    wrong = []
    for line, text in page.prose:
        for match in PLACE.finditer(text):
            there = ROOT / match.group(1)
            if not there.exists():
                wrong.append(f"{page.name}:{line}: there is no {match.group(1)}")
                continue
            for symbol in re.findall(r"`([^`]+)`", match.group(2) or ""):
                if there.is_file() and symbol not in there.read_text(encoding="utf-8"):
                    wrong.append(f"{page.name}:{line}: {match.group(1)} does not hold {symbol}")
    assert not wrong, "\n".join(wrong)


def test_every_page_can_be_found_from_the_index():
    """Whoever adds a page says in the index when it is needed."""
    index = Page(ROOT / "Documentation" / "README.md")
    named = {(index.path.parent / target.partition("#")[0]).resolve() for _, target in index.links}
    pages = [page for page in PAGES if page.path.parent == index.path.parent and page.path != index.path]
    assert not [page.name for page in pages if page.path not in named]
    decisions = Page(ROOT / "Documentation" / "decisions" / "README.md")
    named = {(decisions.path.parent / target).resolve() for _, target in decisions.links}
    records = [page for page in PAGES if page.path.parent == decisions.path.parent and page.path != decisions.path]
    assert not [page.name for page in records if page.path not in named]


def test_anchors_are_those_of_github():
    assert anchor("The ten practices, and what each does today") == "the-ten-practices-and-what-each-does-today"
    assert anchor("What `up` does") == "what-up-does"
    assert anchor("Who has seen my records? (45 CFR 164.528)") == "who-has-seen-my-records-45-cfr-164528"


def test_a_link_in_code_is_none():
    page = Page(ROOT / "x.md", "`[a](b)` and [`c`](d.md#e) ![f](g.png)\n\n```\n[h](i)\n```\n")
    assert [target for _, target in page.links] == ["d.md#e", "g.png"]


@functools.cache
def kept_files():
    """What git keeps; None outside a clone."""
    known = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True,
        check=False)
    return {ROOT / name for name in known.stdout.splitlines()} if known.returncode == 0 else None


def is_kept(path):
    """Whether git keeps the file or folder: what lies there by chance on one machine is not there for a stranger."""
    files = kept_files()
    return files is None or path.is_dir() or path in files
