# SPDX-License-Identifier: Apache-2.0
"""The peer: Cedar's own engine in Rust, through cedarpy, with everything parsed before decisions are timed.

    peer.py oopsla FOLDER N ROUNDS   five hierarchies: a line each of the decisions and of the engine's microseconds
    peer.py corpus FOLDER            the corpus unpacked in FOLDER: requests and seconds
    peer.py whole ARCHIVE            the whole work of `salus policy corpus` on the generated tests
    peer.py version
"""

import importlib.metadata
import json
import pathlib
import sys
import tarfile
import time

import cedarpy

PARTS = ("principal", "action", "resource", "context")


def read(folder, name):
    return pathlib.Path(folder, name).read_text(encoding="utf-8")


def oopsla(folder, size, rounds):
    policies = cedarpy.PolicySet.from_str(read(folder, "policies.cedar"))
    for hierarchy in range(5):
        entities = cedarpy.Entities.from_json_str(read(folder, f"{size}-{hierarchy}.entities.json"))
        asked = json.loads(read(folder, f"{size}-{hierarchy}.requests.json"))
        requests = [{part: request[part] for part in PARTS} for request in asked]
        decisions = "".join(
            "a" if cedarpy.is_authorized(request, policies, entities).allowed else "d" for request in requests)
        times = [
            cedarpy.is_authorized(request, policies, entities).metrics["authz_duration_micros"]
            for _ in range(int(rounds)) for request in requests]
        print(decisions, ",".join(map(str, times)))


def corpus(folder):
    """Requests, seconds with Python in them, and seconds of the engine alone: its own parsing, and what it says of
    making and deciding requests, in whole microseconds."""
    requests = seconds = engine = 0
    for name in sorted(pathlib.Path(folder, "corpus-tests").glob("*.json")):
        if name.name.endswith(".entities.json"):
            continue
        test = json.loads(name.read_text(encoding="utf-8"))
        policy_text, entity_text = read(folder, test["policies"]), read(folder, test["entities"])
        asked = [{part: request[part] for part in PARTS} for request in test["requests"]]
        start = time.perf_counter()
        policies = cedarpy.PolicySet.from_str(policy_text)
        entities = cedarpy.Entities.from_json_str(entity_text)
        parsed = time.perf_counter()
        answers = [cedarpy.is_authorized(request, policies, entities) for request in asked]
        seconds += time.perf_counter() - start
        engine += parsed - start
        for answer, request in zip(answers, test["requests"]):
            requests += 1
            engine += answer.metrics["build_request_duration_micros"] / 1e6
            engine += answer.metrics["authz_duration_micros"] / 1e6
            if answer.allowed != (request["decision"] == "allow"):
                sys.exit(f"{name}: {answer.decision}")
    print(requests, seconds, engine)


def whole(archive):
    """Reads the archive, parses, validates and decides every test, and compares all that is expected."""
    with tarfile.open(archive) as tar:
        files = {entry.name: tar.extractfile(entry).read().decode() for entry in tar if entry.isfile()}
    tests = requests = differences = 0
    for name in sorted(files):
        if not name.endswith(".json") or name.endswith(".entities.json"):
            continue
        test = json.loads(files[name])
        policy_text, schema_text = files[test["policies"]], files[test["schema"]]
        tests += 1
        policies, schema = cedarpy.PolicySet.from_str(policy_text), cedarpy.Schema.from_str(schema_text)
        result = cedarpy.validate_policies(policy_text, schema)
        differences += result.validation_passed != test["shouldValidate"]
        entities = cedarpy.Entities.from_json_str(files[test["entities"]], schema)
        for request in test["requests"]:
            answer = cedarpy.is_authorized({part: request[part] for part in PARTS}, policies, entities)
            reasons, errors = sorted(answer.diagnostics.reasons), sorted(answer.diagnostics.errors)
            requests += 1
            differences += answer.allowed != (request["decision"] == "allow") or reasons != sorted(request["reason"])
            differences += len(errors) != len(request["errors"])
    print(tests, requests, differences)


if sys.argv[1] == "oopsla":
    oopsla(*sys.argv[2:])
elif sys.argv[1] == "corpus":
    corpus(*sys.argv[2:])
elif sys.argv[1] == "whole":
    whole(*sys.argv[2:])
else:
    print(importlib.metadata.version("cedarpy"))
