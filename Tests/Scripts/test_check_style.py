# SPDX-License-Identifier: Apache-2.0
"""check-style finds the words that end a process, and does not mistake text for code."""

import pytest

from tools import LICENCE, run, tree


def checked(root, text, name="Sources/Kernel/A.swift"):
    return run("check-style", tree(root, {name: text}))


@pytest.mark.parametrize(
    "body",
    [
        "let a = b as? C\nlet d = try? e()\nlet f = b as C\n",
        '// never try! here, and never as! either\nlet a = "as! try! fatalError("\n/* fatalError( */\n',
        'let a = #"a "try!" b"#\nlet b = """\n  x as! y\n  """\n',
        "// The lock holds every field: see Lock.\nfinal class A: @unchecked Sendable {}\n",
        "let tryharder = 1\n" * 499,
    ],
)
def test_passes(tmp_path, body):
    status, said = checked(tmp_path, LICENCE + body)
    assert (status, said) == (0, "check-style: 1 files, 0 findings\n")


@pytest.mark.parametrize(
    "text",
    [
        LICENCE + "let a = try! b()\n",
        LICENCE + "let a = b as! C\n",
        LICENCE + 'let a = "x"; let b = c as! D // "\n',
        LICENCE + "final class A: @unchecked Sendable {}\n",
        LICENCE + "\nnonisolated(unsafe) var a = 1\n",
        LICENCE + "let a = 1\nfatalError()\n",
        LICENCE + "let a = 1\n" * 500,
        "import Codecs\n",
    ],
)
def test_is_refused(tmp_path, text):
    status, said = checked(tmp_path, text)
    assert status == 1
    assert "1 findings" in said and "Sources/Kernel/A.swift:" in said


def test_tests_may_name_what_sources_may_not(tmp_path):
    assert checked(tmp_path, LICENCE + "fatalError()\n", "Tests/KernelTests/A.swift")[0] == 0
    assert checked(tmp_path, LICENCE + "let a = 1\n" * 500, "Tests/KernelTests/A.swift")[0] == 1
