# SPDX-License-Identifier: Apache-2.0
"""The AuthZEN certification scenario (Authorization API 1.0) against the running program.

The numbers in the names are the sections of the scenario's document, authorization-api-1_0-scenario.md.
"""

import contextlib
import http.client
import json
import pathlib
import sys
import urllib.parse

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Browser"))
from program import any_certificate, running  # noqa: E402

SCHEMA = """
entity team;
entity user in [team] = { role?: String };
entity record = { status?: String };
action read, write, delete appliesTo {
  principal: user, resource: record, context: { action?: { soft?: Bool } }
};
"""
POLICIES = """
@id("everybody-reads")
permit (principal in team::"staff", action == Action::"read", resource);
@id("alice-writes")
permit (principal == user::"alice", action == Action::"write", resource)
when { resource has status && resource.status == "active" };
@id("admin-writes-archive")
permit (principal is user, action == Action::"write", resource)
when { principal has role && principal.role == "admin" && resource has status && resource.status == "archived" };
@id("soft-delete")
permit (principal == user::"alice", action == Action::"delete", resource)
when { context has action && context.action has soft && context.action.soft };
"""
ENTITIES = json.dumps([
    {"uid": {"type": kind, "id": name}, "attrs": attributes,
     "parents": [{"type": "team", "id": "staff"}] if kind == "user" else []}
    for kind, name, attributes in [
        ("user", "alice", {}), ("user", "bob", {"role": "admin"}),
        ("record", "record-1", {"status": "active"}), ("record", "record-2", {"status": "archived"}),
    ]])

ALICE, BOB = {"type": "user", "id": "alice"}, {"type": "user", "id": "bob"}
ADMIN = {**BOB, "properties": {"role": "admin"}}
READ, WRITE = {"name": "read"}, {"name": "write"}
ONE, TWO = {"type": "record", "id": "record-1"}, {"type": "record", "id": "record-2"}
ACTIVE = {**ONE, "properties": {"status": "active"}}
ARCHIVED = {**TWO, "properties": {"status": "archived"}}
CONTEXT = {"time": "2025-06-27T18:03-07:00", "ip": "192.168.1.1"}
SINGLE, BATCH = "/access/v1/evaluation", "/access/v1/evaluations"
SUBJECT, RESOURCE, ACTION = (f"/access/v1/search/{kind}" for kind in ("subject", "resource", "action"))
EVERYWHERE = [SINGLE, BATCH, SUBJECT, RESOURCE, ACTION]


def delete(soft):
    return {"name": "delete", "properties": {"soft": soft}}


def question(subject=ALICE, action=READ, resource=ONE, **more):
    parts = {"subject": subject, "action": action, "resource": resource, **more}
    return {name: part for name, part in parts.items() if part is not None}


class Answer:
    def __init__(self, response):
        self.status, self.text = response.status, response.read()
        self.headers = {name.lower(): value for name, value in response.getheaders()}

    @property
    def json(self):
        assert self.headers["content-type"] == "application/json"
        return json.loads(self.text)


class Program:
    """A program that asks: one connection, and a token."""

    def __init__(self, console, token):
        self.console, self.token = console, token

    def send(self, method, path, body=b"", headers=None):
        where = urllib.parse.urlsplit(self.console.url)
        connection = http.client.HTTPSConnection(where.hostname, where.port, timeout=30, context=any_certificate())
        fields = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}", **(headers or {})}
        with contextlib.closing(connection):
            present = {name: value for name, value in fields.items() if value is not None}
            connection.request(method, path, body=body, headers=present)
            return Answer(connection.getresponse())

    def ask(self, path, message, **headers):
        return self.send("POST", path, json.dumps(message).encode(), headers)

    def decide(self, message, path=SINGLE):
        answer = self.ask(path, message)
        assert answer.status == 200, answer.text
        assert isinstance(answer.json["decision"], bool) and isinstance(answer.json.get("context", {}), dict)
        return answer.json["decision"]

    def decisions(self, message):
        answer = self.ask(BATCH, message)
        assert answer.status == 200, answer.text
        assert "decision" not in answer.json
        return [evaluation["decision"] for evaluation in answer.json["evaluations"]]

    def search(self, path, message):
        answer = self.ask(path, message)
        assert answer.status == 200, answer.text
        results = answer.json["results"]
        assert all(set(result) == ({"name"} if path == ACTION else {"type", "id"}) for result in results)
        return [result.get("id") or result["name"] for result in results]


def add(console, folder, name, schema=SCHEMA, policies=POLICIES, entities=ENTITIES):
    options = []
    for option, text in (("schema", schema), ("policies", policies), ("entities", entities)):
        file = folder / f"{option}.txt"
        file.write_text(text, encoding="utf-8")
        options += [f"--{option}", str(file)]
    return console.run("access", "applications", "add", name, *options, "--json")


@pytest.fixture(scope="module")
def console(tmp_path_factory):
    with running(tmp_path_factory.mktemp("authzen"), "--no-demo") as console:
        yield console


@pytest.fixture(scope="module")
def pdp(console, tmp_path_factory):
    added = add(console, tmp_path_factory.mktemp("fixture"), "Certification")
    assert added.returncode == 0, added.stderr
    return Program(console, json.loads(added.stdout)["token"])


# 1.4, 2.2: one decision

DECISIONS = [
    (ALICE, READ, ONE, True), (ALICE, WRITE, ONE, True), (BOB, READ, ONE, True), (BOB, WRITE, ONE, False),
    (ALICE, WRITE, ARCHIVED, False), (ADMIN, WRITE, ARCHIVED, True),
    (ALICE, delete(True), ONE, True), (ALICE, delete(False), ONE, False),
]


@pytest.mark.parametrize("context", [None, CONTEXT, {}])
@pytest.mark.parametrize("subject,action,resource,expected", DECISIONS)
def test_1_4_mandated_decisions(pdp, subject, action, resource, expected, context):
    assert pdp.decide(question(subject, action, resource, context=context)) is expected


def test_2_2_8_additional_properties(pdp):
    subject = {**ALICE, "properties": {"department": "Sales", "role": "manager"}}
    resource = {**ONE, "properties": {"status": "active", "owner": "bob"}}
    assert pdp.decide(question(subject, {**READ, "properties": {"method": "GET"}}, resource)) is True


def test_2_2_9_unknown_fields(pdp):
    assert pdp.decide(question(foo="bar", futureField={"nested": True})) is True


def test_2_3_the_answer_gives_reasons(pdp):
    denied = pdp.ask(SINGLE, question(ALICE, WRITE, ARCHIVED)).json["context"]
    assert "alice-writes came nearest" in denied["reason_admin"]["403"]
    allowed = pdp.ask(SINGLE, question()).json["context"]
    assert allowed["policies"] == ["everybody-reads"] and "everybody-reads" in allowed["reason_admin"]["200"]


# 2.4: errors

@pytest.mark.parametrize("path", [SINGLE, BATCH])
@pytest.mark.parametrize("message", [
    question(subject=None), question(action=None), question(resource=None),
    question(subject={"id": "alice"}), question(subject={"type": "user"}), question(action={}),
    question(resource={"id": "record-1"}), question(resource={"type": "record"}),
    question(subject="alice"), question(action={"name": 123}), question(subject=[ALICE]),
    question(subject={"type": 1, "id": "alice"}), question(subject={"type": "user", "id": 1}),
    question(action="read"), question(resource=7), question(context="now"), question(context=[]),
    question(subject={**ALICE, "properties": "admin"}), question(action={**READ, "properties": []}),
    question(resource={**ONE, "properties": {"status": 1}}), question(action=delete("yes")),
    {}, [], "text", 1, None,
])
def test_2_4_missing_and_mistyped_fields(pdp, path, message):
    answer = pdp.ask(path, message)
    assert answer.status == 400 and answer.json["error"] == "invalid-input" and answer.json["message"]


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
def test_2_4_3_content_type(pdp, path, kind):
    answer = pdp.send("POST", path, json.dumps(question()).encode(), {"Content-Type": kind})
    assert answer.status == 400 and answer.json["error"] == "invalid-input"


HOSTILE = {
    "empty": b"", "cut": b'{"subject":', "no json": b"not json", "two": b"{} {}", "not utf-8": b'{"a": "\xff"}',
    "duplicate": b'{"subject": {"type": "user", "id": "bob"}, ' + json.dumps(question()).encode()[1:],
    "duplicate by escape": b'{"\\u0073ubject": {"type": "user", "id": "bob"}, ' + json.dumps(question()).encode()[1:],
    "duplicate inside": b'{"subject": {"type": "user", "id": "bob", "id": "alice"}, "action": {"name": "read"}}',
    "deep": b'{"context": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    "lone surrogate": b'{"subject": {"type": "user", "id": "\\ud800"}}',
    "many values": b'{"context": [' + b"1," * 30_000 + b"1]}", "nul": b"\x00", "number": b"1e999999",
    "bom": b"\xef\xbb\xbf" + json.dumps(question()).encode(),
}


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize("name", HOSTILE)
def test_2_4_bodies_that_are_no_messages(pdp, path, name):
    answer = pdp.send("POST", path, HOSTILE[name])
    assert answer.status == 400 and answer.json["error"] == "invalid-input", name
    assert pdp.decide(question()) is True


def test_a_body_that_is_too_large(pdp):
    answer = pdp.send("POST", SINGLE, json.dumps(question(x="a" * 70_000)).encode(), {"X-Request-ID": "long"})
    assert answer.status == 413 and answer.json["error"] == "too-large" and answer.headers["x-request-id"] == "long"
    assert pdp.decide(question()) is True


@pytest.mark.parametrize("escape", [
    {"__entity": {"type": "user", "id": "alice"}}, {"__extn": {"fn": "ip", "arg": "::1"}}, {"__expr": "true"}])
def test_escapes_never_become_entities(pdp, escape):
    assert pdp.decide(question(BOB, WRITE, ONE, context=escape)) is False
    assert pdp.decide(question({**BOB, "properties": escape}, READ, {**ONE, "properties": escape})) is True
    assert pdp.ask(SINGLE, question({**BOB, "properties": {"role": escape}})).status == 400


@pytest.mark.parametrize("name", ["a\u0000b", "é", "e\u0301", "x" * 20_000, "'; DROP TABLE", "a\r\nb: c", ""])
def test_ids_of_any_kind_are_only_ids(pdp, name):
    assert pdp.decide(question({"type": "user", "id": name}, WRITE)) is False
    assert pdp.decide(question({"type": name, "id": "alice"})) is False
    assert pdp.decide(question(action={"name": name})) is False


# 2.5: request ids

@pytest.mark.parametrize("path,message", [(SINGLE, question()), (SINGLE, {}), (BATCH, question()), (ACTION, {})])
def test_2_5_the_request_id_comes_back(pdp, path, message):
    for name in ("bfe9eb29-ab87-4ca3-be83-a1d5d8305716", "x" * 2000, "with space; and=signs"):
        assert pdp.ask(path, message, **{"X-Request-ID": name}).headers["x-request-id"] == name
    assert "x-request-id" not in pdp.ask(path, message).headers


def test_2_5_the_request_id_comes_back_with_every_refusal(pdp):
    name = {"X-Request-ID": "one"}
    for answer in (pdp.send("GET", SINGLE, headers=name), pdp.send("POST", "/access/v1/nothing", headers=name),
                   Program(pdp.console, "wrong").ask(SINGLE, question(), **name)):
        assert answer.headers["x-request-id"] == "one" and answer.json["reference"]


# 2.6: the same question, the same answer

def test_2_6_idempotency(pdp):
    for _ in range(10):
        assert pdp.decide(question()) is True
        assert pdp.decide(question(BOB, WRITE)) is False


# 3: several decisions

def test_3_2_1_and_3_3_structure(pdp):
    assert len(pdp.decisions({"subject": ALICE, "action": READ, "evaluations": [
        {"resource": ONE}, {"resource": TWO}]})) == 2


@pytest.mark.parametrize("message,expected", [
    ({"subject": BOB, "resource": ONE, "evaluations": [{"action": READ}, {"action": WRITE}]}, [True, False]),
    ({"subject": ALICE, "action": WRITE, "evaluations": [{"resource": ACTIVE}, {"resource": ARCHIVED}]}, [True, False]),
    ({"action": WRITE, "resource": ARCHIVED, "evaluations": [{"subject": ALICE}, {"subject": ADMIN}]}, [False, True]),
    ({"evaluations": [question(), question(BOB, WRITE)]}, [True, False]),
    ({"subject": ALICE, "action": READ, "context": CONTEXT, "evaluations": [
        {"resource": ONE}, {"resource": TWO, "context": {"source": "batch-override"}}]}, [True, True]),
    ({**question(ALICE, WRITE, ACTIVE), "evaluations": [{}, {"resource": ARCHIVED}]}, [True, False]),
    # Whole parts are replaced: the properties of the default do not stay.
    ({**question(ADMIN, WRITE, ARCHIVED), "evaluations": [{"subject": {"type": "user", "id": "eve"}}]}, [False]),
])
def test_3_2_batches(pdp, message, expected):
    assert pdp.decisions(message) == expected


def test_3_4_1_one_question_fails_alone(pdp):
    message = {"subject": ALICE, "action": READ, "options": {"evaluations_semantic": "execute_all"}, "evaluations": [
        {"resource": ONE}, {}, {"resource": "x"}, 7, {"resource": {**ONE, "properties": {"status": 1}}}, {"resource": ONE}]}
    answer = pdp.ask(BATCH, message).json["evaluations"]
    assert [item["decision"] for item in answer] == [True, False, False, False, False, True]
    assert all(item["context"]["error"]["status"] == 400 for item in answer[1:5])


@pytest.mark.parametrize("more", [{}, {"evaluations": []}])
def test_3_4_2_and_3_4_3_one_question_at_the_address_for_many(pdp, more):
    assert pdp.decide({**question(), **more}, BATCH) is True
    assert pdp.ask(BATCH, {**question(resource=None), **more}).status == 400


@pytest.mark.parametrize("semantic,expected", [
    ("execute_all", [True, False, True]), ("deny_on_first_deny", [True, False]), ("permit_on_first_permit", [True])])
def test_semantics(pdp, semantic, expected):
    message = {"subject": ALICE, "options": {"evaluations_semantic": semantic, "another": 1}, "resource": ONE,
               "evaluations": [{"action": READ}, {"action": delete(False)}, {"action": WRITE}]}
    assert pdp.decisions(message) == expected
    failing = {**message, "evaluations": [{"action": 1}, {"action": READ}]}
    assert pdp.decisions(failing) == ([False] if semantic == "deny_on_first_deny" else [False, True])


@pytest.mark.parametrize("wrong", [
    {"options": {"evaluations_semantic": "all"}}, {"options": {"evaluations_semantic": 1}}, {"options": []},
    {"evaluations": {}}, {"evaluations": "x"}, {"subject": "alice"}, {"context": 1}])
def test_a_batch_that_is_wrong_as_a_whole(pdp, wrong):
    assert pdp.ask(BATCH, {**question(), "evaluations": [{}], **wrong}).status == 400


# 4: searches

@pytest.mark.parametrize("path,message,expected", [
    (SUBJECT, question({"type": "user"}), ["alice", "bob"]),
    (SUBJECT, question({"type": "user"}, context=CONTEXT), ["alice", "bob"]),
    (SUBJECT, question(ALICE), ["alice", "bob"]),
    (SUBJECT, question({"type": "user"}, WRITE, ARCHIVED), ["bob"]),
    (RESOURCE, question(resource={"type": "record"}), ["record-1", "record-2"]),
    (RESOURCE, question(resource={"type": "record"}, context=CONTEXT), ["record-1", "record-2"]),
    (RESOURCE, question(resource=ONE), ["record-1", "record-2"]),
    (RESOURCE, question(ADMIN, WRITE, {"type": "record"}), ["record-2"]),
    (ACTION, question(action=None), ["read", "write"]),
    (ACTION, question(action=None, context=CONTEXT), ["read", "write"]),
    (ACTION, question(ADMIN, None, ARCHIVED), ["read", "write"]),
    (SUBJECT, question({"type": "spaceship"}), []),
    (SUBJECT, question({"type": "user"}, resource={"type": "spaceship", "id": "x"}), []),
    (RESOURCE, question(resource={"type": "spaceship"}), []),
    (RESOURCE, question({"type": "user", "id": "nonexistent-user"}, WRITE, {"type": "record"}), []),
    (ACTION, question({"type": "spaceship", "id": "x"}, None), []),
    (ACTION, question({"type": "user", "id": "nonexistent-user"}, None), []),
])
def test_4_searches(pdp, path, message, expected):
    assert pdp.search(path, message) == expected


@pytest.mark.parametrize("path,message", [
    (SUBJECT, question({"type": "user"}, None)), (RESOURCE, question(None, READ, {"type": "record"})),
    (ACTION, question(ALICE, None, None)), (SUBJECT, question({"type": "user"}, READ, {"type": "record"})),
    (RESOURCE, question({"type": "user"}, READ, {"type": "record"})), (ACTION, question({"type": "user"}, None)),
    (SUBJECT, question({"id": "x"})), (SUBJECT, question({"type": "user"}, page=[])),
    (SUBJECT, question({"type": "user"}, page={"limit": -1})), (SUBJECT, question({"type": "user"}, page={"token": "x"})),
])
def test_4_7_searches_that_are_wrong(pdp, path, message):
    answer = pdp.ask(path, message)
    assert answer.status == 400 and answer.json["error"] == "invalid-input"


def test_4_5_pages(pdp):
    first = pdp.ask(SUBJECT, question({"type": "user"}, page={"limit": 1})).json
    token = first["page"]["next_token"]
    assert first["results"] == [ALICE] and token and first["page"]["total"] == 2
    last = pdp.ask(SUBJECT, question({"type": "user"}, page={"token": token})).json
    assert last["results"] == [BOB] and last["page"]["next_token"] == ""
    assert pdp.ask(SUBJECT, question({"type": "user"}, WRITE, page={"token": token})).status == 400
    assert pdp.ask(RESOURCE, question({"type": "user"}, page={"token": token})).status == 400
    assert "page" not in pdp.ask(SUBJECT, question({"type": "user"})).json


# 5, 6: transport and discovery

@pytest.mark.parametrize("headers", [
    {"Authorization": None}, {"Authorization": "Bearer "}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer a"}])
def test_whoever_has_no_token_is_not_answered(pdp, headers):
    for path in EVERYWHERE:
        answer = pdp.send("POST", path, json.dumps(question()).encode(), headers)
        assert answer.status == 401 and answer.headers["www-authenticate"] == "Bearer"
        assert answer.json["error"] == "not-signed-in"


@pytest.mark.parametrize("method,path", [
    ("GET", SINGLE), ("PUT", SINGLE), ("DELETE", BATCH), ("POST", "/access/v1/search"), ("POST", "/access/v2/evaluation"),
    ("POST", "/.well-known/authzen-configuration"), ("POST", "/access/v1/nothing")])
def test_addresses_that_are_none(pdp, method, path):
    answer = pdp.send(method, path)
    assert answer.status in (400, 404)
    if path != "/access/v2/evaluation" and path != "/access/v1/search":
        assert answer.json["message"]


def test_6_discovery(pdp):
    answer = pdp.send("GET", "/.well-known/authzen-configuration", headers={"Authorization": None, "Content-Type": None})
    base = pdp.console.url.rstrip("/")
    assert answer.status == 200 and answer.json == {
        "policy_decision_point": base,
        "access_evaluation_endpoint": base + SINGLE, "access_evaluations_endpoint": base + BATCH,
        "search_subject_endpoint": base + SUBJECT, "search_resource_endpoint": base + RESOURCE,
        "search_action_endpoint": base + ACTION,
    }
    hostile = pdp.send("GET", "/.well-known/authzen-configuration", headers={"Host": 'evil.test/"?x#y'})
    assert hostile.status == 400


# The command, and that what it does holds at once

def test_commands_hold_from_the_next_question_on(console, tmp_path):
    command = ("access", "applications")
    added = json.loads(add(console, tmp_path, "Portal").stdout)
    portal = Program(console, added["token"])
    assert portal.decide(question()) is True
    none = tmp_path / "none.cedar"
    none.write_text("forbid (principal, action, resource);", encoding="utf-8")
    assert console.run(*command, "set", "Portal", "--policies", str(none)).returncode == 0
    assert portal.decide(question()) is False
    assert console.run(*command, "set", "Portal", "--disable").returncode == 0
    off = portal.ask(SINGLE, question())
    assert off.status == 403 and "switched off" in off.json["message"]
    assert console.run(*command, "set", "Portal", "--enable", "--rename", "Portal 2").returncode == 0
    assert portal.decide(question()) is False
    new = json.loads(console.run(*command, "rotate-token", "Portal 2", "--json").stdout)["token"]
    assert portal.ask(SINGLE, question()).status == 401
    listed = json.loads(console.run(*command, "list", "--json").stdout)["applications"]
    (mine,) = [application for application in listed if application["name"] == "Portal 2"]
    assert mine["id"] == added["id"] and mine["version"] == 2 and mine["used"] and "token" not in mine
    assert Program(console, new).decide(question()) is False
    assert console.run(*command, "remove", "Portal 2").returncode == 0
    assert Program(console, new).ask(SINGLE, question()).status == 401
    assert console.run(*command, "remove", "Portal 2").returncode == 1


def test_files_that_are_wrong_are_refused_with_their_place(console, tmp_path):
    for texts, place in [
        ({"schema": "entity user\nentity"}, "schema.txt:2:1: "),
        ({"policies": POLICIES + "\npermit (principal, action, resource) when { resource.colour == 1 };"}, "policies.txt:"),
        ({"entities": '[\n {"uid": {"type": "ship", "id": "x"}, "attrs": {}, "parents": []}]'}, "entities.txt:2:2: "),
    ]:
        refused = add(console, tmp_path, "Wrong", **texts)
        assert refused.returncode == 1 and place in refused.stderr and not refused.stdout, refused.stderr
    assert "Wrong" not in console.run("access", "applications", "list").stdout
    assert add(console, tmp_path, "a/b").returncode == 2


def test_a_program_that_asks_about_the_house(console):
    token = json.loads(console.run("access", "applications", "add", "House portal", "--house", "--json").stdout)["token"]
    house = Program(console, token)
    clinic = {"type": "Institution", "id": "this"}
    assert house.decide(question({"type": "user", "id": "nobody"}, {"name": "posture.read"}, clinic)) is False
    assert house.search(SUBJECT, question({"type": "user"}, {"name": "posture.read"}, clinic)) == []
    assert house.search(ACTION, question({"type": "user", "id": "nobody"}, None, clinic)) == []
