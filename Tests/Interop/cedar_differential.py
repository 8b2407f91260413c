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


def prepared(case):
    """The policies with their links, or one line with what was refused."""
    try:
        policies = cedarpy.PolicySet.from_str(case["policies"])
    except ValueError:
        return "policies refused"
    try:
        return policies.with_linked_batch(case["links"]) if case["links"] else policies
    except ValueError:
        return "link refused"


def answers(case, policies, schema):
    """What the Rust engine answers to a case, one line a request, or one line with what it refused."""
    if isinstance(policies, str):
        return [policies]
    if isinstance(schema, str):
        return [schema]
    try:
        entities = cedarpy.Entities.from_json_str(case["entities"], schema)
    except ValueError:
        return ["entities refused"]
    return [answer(result) for result in cedarpy.is_authorized_batch(case["requests"], policies, entities, schema)]


def differing(name, ours, theirs):
    """One line for each answer that differs."""
    if len(theirs) != len(ours):
        return [f"{name}: ours {ours[0]!r}, theirs {theirs[0]!r}"]
    pairs = enumerate(zip(ours, theirs))
    return [f"{name}, request {number}: ours {our!r}, theirs {their!r}" for number, (our, their) in pairs if our != their]


def read_schema(case):
    """The schema, or one line that says that it was refused."""
    try:
        return cedarpy.Schema.from_str(case["schema"])
    except ValueError:
        return "schema refused"


def differences(case):
    """One line for everything that the two engines see differently."""
    policies, schema = prepared(case), read_schema(case)
    found = differing("plain", case["plain"], answers(case, policies, None))
    found += differing("by schema", case["strict"], answers(case, policies, schema))
    if case["json"]:
        found += json_differences(case) + format_differences(case)
    if not isinstance(policies, str) and not isinstance(schema, str):
        result = cedarpy.validate_policies(case["policies"], schema)
        theirs = sorted({error.policy_id for error in result.errors})
        found += [] if case["invalid"] == theirs else [f"invalid: ours {case['invalid']}, theirs {theirs}"]
    return found


def alike(node):
    """Policies as JSON where what means the same is the same: the Rust engine writes a pattern's characters one by
    one, `action in [a]` as `action in a`, and `x has a.b` as `x has a && x.a has b`."""
    if isinstance(node, list):
        return [alike(element) for element in node]
    if not isinstance(node, dict):
        return node
    if node.get("op") == "in" and len(node.get("entities", [])) == 1:
        return {"op": "in", "entity": node["entities"][0]}
    if isinstance(node.get("pattern"), list):
        pattern = [["Wildcard"] if part == "Wildcard" else list(part["Literal"]) for part in node["pattern"]]
        return {"left": alike(node["left"]), "pattern": sum(pattern, [])}
    node = {name: alike(value) for name, value in node.items()}
    if "has" in node and isinstance(node["has"].get("attr"), list):
        return has_path(node["has"]["left"], node["has"]["attr"])
    return node


def has_path(left, names):
    whole = None
    for name in names:
        has = {"has": {"left": left, "attr": name}}
        whole = {"&&": {"left": whole, "right": has}} if whole else has
        left = {".": {"left": left, "attr": name}}
    return whole


def json_differences(case):
    """One line when our policies as JSON are not theirs."""
    try:
        theirs = json.loads(cedarpy.policies_to_json_str(case["policies"]))
    except ValueError:
        return []
    if alike(json.loads(case["json"])) == alike(theirs):
        return []
    return [f"json: ours {case['json']}, theirs {json.dumps(theirs, ensure_ascii=False)}"]


def format_differences(case):
    """One line when our usual form of the policies is not theirs."""
    theirs = cedarpy.format_policies(case["policies"])
    return [] if case["formatted"] == theirs else [f"format: ours {case['formatted']!r}, theirs {theirs!r}"]


class Tally:
    """What was compared, so that a run over nothing is no success."""

    def __init__(self):
        self.cases = self.requests = self.allowed = self.failing = self.valid = self.refused = self.different = 0

    def add(self, case, found):
        self.cases += 1
        self.different += len(found)
        answered = len(case["plain"]) == len(case["requests"])
        self.refused += not answered
        self.valid += bool(case["json"]) and not case["invalid"]
        if answered:
            self.requests += len(case["plain"])
            self.allowed += sum(line.startswith("allow") for line in case["plain"])
            self.failing += sum(not line.endswith("[]") for line in case["plain"])

    def __str__(self):
        return (f"{self.cases} cases ({self.valid} valid), {self.requests} requests ({self.allowed} allowed, {self.failing} with errors; "
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
