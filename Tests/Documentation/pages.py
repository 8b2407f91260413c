# SPDX-License-Identifier: Apache-2.0
"""The documentation as the tests read it: pages, fenced blocks, cells of tables, code between words, links."""

import dataclasses
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FENCE = re.compile(r"^\s*(`{3,})\s*(.*)$")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
SPAN = re.compile(r"`([^`]+)`")
LINK = re.compile(r"(?<!\\)\[(?:[^\[\]`]|`[^`]*`|\[[^\]]*\])*\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)?)\)")
# What is deleted when an issue is closed is nobody's documentation.
LEFT_OUT = {"PLAN.md"}


@dataclasses.dataclass
class Fence:
    """A block between fences: ```LANGUAGE NAME."""

    line: int
    info: list
    lines: list

    @property
    def language(self):
        return self.info[0] if self.info else ""

    @property
    def name(self):
        """The file that the block is, where its first line names one."""
        return self.info[1] if len(self.info) > 1 else None


@dataclasses.dataclass
class Span:
    """Code between words, in a cell of a table or anywhere else."""

    line: int
    text: str
    in_table: bool


class Page:
    """One page of Markdown."""

    def __init__(self, path, text=None):
        self.path = path
        self.name = str(path.relative_to(ROOT))
        text = path.read_text(encoding="utf-8") if text is None else text
        self.fences, self.prose = divide(text.splitlines())

    @property
    def spans(self):
        """Code between words. One that is broken at the end of a line goes on in the next."""
        for first, lines in paragraphs(self.prose):
            in_table = lines[0].startswith("|")
            for number, text in enumerate(lines if in_table else ["\n".join(lines)]):
                for match in SPAN.finditer(text.replace("\\|", "|") if in_table else text):
                    line = first + number + text.count("\n", 0, match.start())
                    yield Span(line, " ".join(match.group(1).split()), in_table)

    @property
    def links(self):
        """(line, target) of every link and image."""
        for line, text in self.prose:
            for match in LINK.finditer(re.sub(r"`[^`]*`", lambda span: "`" + "x" * (len(span[0]) - 2) + "`", text)):
                yield line, match.group(1)

    @property
    def anchors(self):
        """The names by which others lead to a heading, as GitHub makes them."""
        found = set()
        for _, text in self.prose:
            if match := HEADING.match(text):
                base = anchor(match.group(1))
                name, number = base, 0
                while name in found:
                    number += 1
                    name = f"{base}-{number}"
                found.add(name)
        return found


def anchor(heading):
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
    return "".join("-" if letter == " " else letter for letter in words if letter.isalnum() or letter in " -_")


def divide(lines):
    """The fenced blocks, and the (line number, text) of everything around them; comments are neither."""
    fences, prose, open_fence, end, in_comment = [], [], None, "", False
    for number, line in enumerate(lines, 1):
        match = FENCE.match(line)
        if open_fence is not None:
            if match and match.group(1) == end and not match.group(2):
                fences.append(open_fence)
                open_fence = None
            else:
                open_fence.lines.append(line)
        elif match:
            open_fence, end = Fence(number, match.group(2).split(), []), match.group(1)
            prose.append((number, ""))
        else:
            in_comment = in_comment or line.startswith("<!--")
            prose.append((number, "" if in_comment else line))
            in_comment = in_comment and "-->" not in line
    return fences, prose


def paragraphs(prose):
    """(number of the first line, lines) of what stands between blank lines."""
    first, lines = 0, []
    for number, text in [*prose, (0, "")]:
        if text.strip():
            first = first if lines else number
            lines.append(text)
        elif lines:
            yield first, lines
            lines = []


def all_pages():
    """Every page that people read: of the repository, of the documentation, of the rooms and engines."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("Documentation/**/*.md"), *ROOT.glob("Sources/*/*/README.md"),
             *ROOT.glob("Benchmarks/*.md")]
    return [Page(path) for path in sorted(found) if path.name not in LEFT_OUT]
