# SPDX-License-Identifier: Apache-2.0
"""Every command of the documentation is run, or is listed with the test that runs it. How: see story.py."""

import contextlib
import pathlib
import re
import tempfile

import pytest

from pages import ROOT, Page, all_pages
from postgres import running_server
from story import OURS, Broken, Story, commands, steps, unmarked, words
from stories import STORIES, Told

PAGES = {page.name: page for page in all_pages()}
# The reference is printed by the program itself, and a Swift test keeps it true.
GENERATED = "Documentation/reference.md"
# What people follow; a table of measurements or the notes of a room only name commands.
FOLLOWED = re.compile(r"[A-Z]+\.md|Documentation/.*")
TOLD = [name for name, page in PAGES.items() if FOLLOWED.fullmatch(name) and name != GENERATED and steps(page)]


@pytest.mark.parametrize("name", TOLD)
def test_the_story_of_a_page(name):
    told = STORIES.get(name, Told())
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(running_server()) if told.postgres else None
        story = Story(told, pathlib.Path(tempfile.mkdtemp(prefix="salus-story-", dir="/tmp")), server)
        stack.callback(story.end)
        # The user of a database server has to get through to what a page restores for it.
        story.folder.chmod(0o755)
        why = None
        try:
            used = story.tell(PAGES[name], *(PAGES[other] for other in told.files_of))
        except Broken as error:
            why = str(error)
    if why:
        pytest.fail(why, pytrace=False)
    stale = (told.elsewhere.keys() | told.status.keys() | told.typed.keys()) - used
    assert not stale, f"stories.py names what {name} does not say: {sorted(stale)}"


def test_stories_are_of_pages_that_have_commands():
    assert not [name for name in STORIES if name not in TOLD]


@pytest.mark.parametrize("name", TOLD)
def test_what_is_run_elsewhere_is_there(name):
    wrong = []
    for line, place in STORIES.get(name, Told()).elsewhere.items():
        path, _, test = place.partition("::")
        if not (ROOT / path).exists() or test not in (ROOT / path).read_text(encoding="utf-8"):
            wrong.append(f"{line}: there is no {place}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", [name for name in PAGES if name != GENERATED])
def test_no_command_stands_in_a_block_that_nobody_runs(name):
    found = [f"{name}:{line}: {text}" for line, text in unmarked(PAGES[name])]
    assert not found, "mark the block `sh`, or name the file that it is:\n" + "\n".join(found)


@pytest.mark.parametrize("name", [name for name in PAGES if name != GENERATED])
def test_what_is_said_of_commands_is_so(name):
    """Commands between words are not run; but there is such a command, and it has such an option."""
    wrong = []
    for line, text in said(PAGES[name]):
        if problem := REFERENCE.problem(text):
            wrong.append(f"{name}:{line}: `{text}`: {problem}")
    assert not wrong, "\n".join(wrong)


def said(page):
    for span in page.spans:
        if span.text.startswith(("salus ", "make ")):
            yield span.line, span.text
    for fence in page.fences:
        for line, command in commands(fence) if not fence.name else ():
            if OURS.match(command):
                yield line, OURS.sub(lambda match: match.group(1) + " ", command)


class Commands:
    """Which commands there are, as the reference and the Makefile have them."""

    def __init__(self):
        parts = re.split(r"^### (salus.*)$", (ROOT / GENERATED).read_text(encoding="utf-8"), flags=re.M)[1:]
        # The reference names every command but the one that prints it.
        self.help = {**dict(zip(parts[::2], parts[1::2])), "salus reference": ""}
        self.targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))

    def problem(self, text):
        """What is wrong with a command, None for nothing. `a|b` stands for either, `[…]` for what may be left out."""
        text = re.sub(r"[\[\]…]|\.\.\.", " ", text)
        given = words(text.split(" | ")[0].split(" > ")[0]) or text.split()
        if given[0] == "make":
            return None if given[1] in self.targets else f"there is no target {given[1]}"
        # What `--` is followed by belongs to another program.
        given = given[:given.index("--")] if "--" in given else given
        path, rest = ["salus"], given[1:]
        while rest and re.fullmatch(r"[a-z-]+(\|[a-z-]+)*", rest[0]) and not rest[0].startswith("-"):
            names = [f"{' '.join(path)} {word}" for word in rest[0].split("|")]
            if not all(name in self.help for name in names):
                break
            path, rest = names[0].split(), rest[1:]
        here = " ".join(path)
        if rest and "SUBCOMMANDS:" in self.help[here] and re.fullmatch(r"[a-z|-]+", rest[0]) and rest[0][0] != "-":
            # A group with a default command takes that one's arguments.
            if rest[0] != "help" and "(default)" not in self.help[here]:
                return f"{here} has no command {rest[0]}"
        flags = [flag for word in rest if re.match(r"--?[a-zA-Z]", word) for flag in word.partition("=")[0].split("|")]
        known = set(re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", self.help[here]))
        known |= {"--no-" + flag[2:] for flag in known}
        missing = [flag for flag in flags if flag not in known and not re.fullmatch(r"--?\d.*", flag)]
        return f"{here} has no {', '.join(missing)}" if missing else None


REFERENCE = Commands()


@pytest.mark.parametrize("text, problem", [
    ("salus keys rotate --data DIR", None),
    ("salus keys status|rotate", None),
    ("salus keys turn", "salus keys has no command turn"),
    ("salus keys rotate --fast", "salus keys rotate has no --fast"),
    ("salus backup run --stdin-from-command -- pg_dump --clean", None),
    ("make run", None),
    ("make haste", "there is no target haste"),
])
def test_a_command_that_is_not_there_is_seen(text, problem):
    assert REFERENCE.problem(text) == problem


def test_a_page_is_read_as_it_is_written():
    page = Page(ROOT / "x.md", "```sh\nsalus a \\\n    --b  # why\n# no\n```\n\n| `salus c` | `d` |\n\n"
                               "```cedar x\nsalus e\n```\n```\nsalus f\n```\n\n    make g\n")
    assert [(line, what) for line, kind, what in steps(page) if kind == "run"] == [(2, "salus a --b"), (7, "salus c")]
    assert [text for _, text in unmarked(page)] == ["salus f", "make g"]


def test_a_command_that_fails_is_told_with_its_line(tmp_path):
    page = Page(ROOT / "x.md", "```sh\ntrue\nsalus keys status\n```\n")
    story = Story(Told(), tmp_path)
    with pytest.raises(Broken, match="x.md:3: salus keys status\n(.|\n)*There is no Salus data"):
        story.tell(page)
