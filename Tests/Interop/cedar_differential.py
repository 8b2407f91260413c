# SPDX-License-Identifier: Apache-2.0
"""Asks the Rust engine of Cedar (PyPI cedarpy) what our engine was asked, and compares the answers.

Usage: .build-venv/bin/python Tests/Interop/cedar_differential.py FIRST COUNT [PROGRAM]

The program CedarDifferential makes the cases from their seeds, answers them and writes both; whatever differs is
printed with a command that makes it again. Exit status 1 on a difference.
"""

import json
import pathlib
import re
import shlex
import subprocess
import sys
import time

import cedarpy

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = ROOT / ".build/debug/CedarDifferential"
ERROR = re.compile(r"error while evaluating policy `([^`]*)`: (.*)", re.DOTALL)
# How the Rust engine begins, or ends, what it says of each kind of error.
BEGINNINGS = {
    "type error: ": "type", "integer overflow": "overflow", "error while evaluating `": "extension",
    "wrong number of arguments": "arguments",
}
MIDDLES = {"does not have the attribute `": "attribute", "does not have the tag `": "tag", "does not exist": "entity"}


def kind(message):
    """The kind of an error in our engine's word, or the message where it is none that we know."""
    for beginning, word in BEGINNINGS.items():
        if message.startswith(beginning):
            return word
    return next((word for middle, word in MIDDLES.items() if middle in message), message)


def quoted(names):
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"


def answer(result):
    """One request's answer as our program writes it."""
    decision = result.decision.value.lower()
    if decision == "nodecision":
        return "request refused"
    errors = []
    for text in result.diagnostics.errors:
        found = ERROR.fullmatch(text)
        errors.append(f"{found[1]}:{kind(found[2])}" if found else text)
    return f"{decision} {quoted(sorted(result.diagnostics.reasons))} {quoted(sorted(errors))}"


def answers(case):
    """What the Rust engine answers to a case, one line a request, or one line with what it refused."""
    try:
        policies = cedarpy.PolicySet.from_str(case["policies"])
    except ValueError:
        return ["policies refused"]
    try:
        policies = policies.with_linked_batch(case["links"]) if case["links"] else policies
    except ValueError:
        return ["link refused"]
    try:
        entities = cedarpy.Entities.from_json_str(case["entities"])
    except ValueError:
        return ["entities refused"]
    return [answer(result) for result in cedarpy.is_authorized_batch(case["requests"], policies, entities)]


def differences(case):
    """One line for each answer that differs."""
    theirs = answers(case)
    if len(theirs) != len(case["answers"]):
        return [f"ours {case['answers'][0]!r}, theirs {theirs[0]!r}"]
    pairs = enumerate(zip(case["answers"], theirs))
    return [f"request {number}: ours {our!r}, theirs {their!r}" for number, (our, their) in pairs if our != their]


class Tally:
    """What was compared, so that a run over nothing is no success."""

    def __init__(self):
        self.cases = self.requests = self.allowed = self.failing = self.refused = self.different = 0

    def add(self, case, found):
        self.cases += 1
        self.different += len(found)
        answered = len(case["answers"]) == len(case["requests"])
        self.refused += not answered
        if answered:
            self.requests += len(case["answers"])
            self.allowed += sum(line.startswith("allow") for line in case["answers"])
            self.failing += sum(not line.endswith("[]") for line in case["answers"])

    def __str__(self):
        return (f"{self.cases} cases, {self.requests} requests ({self.allowed} allowed, {self.failing} with errors; "
                f"{self.refused} cases refused by both): {self.different} differences")


def compare(first, count, program=PROGRAM, say=print):
    """Compares so many cases from that seed on; the tally."""
    tally = Tally()
    with subprocess.Popen([str(program), str(first), str(count)], stdout=subprocess.PIPE) as process:
        for line in process.stdout:
            case = json.loads(line)
            found = differences(case)
            tally.add(case, found)
            for difference in found[:3]:
                say(f"seed {case['seed']}: {difference}")
            if found:
                say(f"    again: {shlex.join(['.build-venv/bin/python', 'Tests/Interop/cedar_differential.py'])} "
                    f"{case['seed']} 1")
    if process.returncode != 0:
        raise RuntimeError(f"the program ended with {process.returncode} after {tally}")
    return tally


def main():
    begin = time.monotonic()
    program = sys.argv[3] if len(sys.argv) > 3 else PROGRAM
    tally = compare(int(sys.argv[1]), int(sys.argv[2]), program)
    print(f"{tally}; {time.monotonic() - begin:.0f} s")
    return 1 if tally.different else 0


if __name__ == "__main__":
    sys.exit(main())
