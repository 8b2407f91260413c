# SPDX-License-Identifier: Apache-2.0
"""The life of the package on a clean Debian 12 and a clean Debian 13, each under its own systemd.

The tests of one machine are steps of one life, in the order in which they stand here: installed, first administrator,
records, started anew, key sealed, upgraded, removed, installed again, purged. A step that fails fails those after it.
"""

import json
import shutil
import socket
import stat
import time

import pytest

import people
from machines import Machine, NoMachine, make_archives, run_without_systemd, unpack
from packing import later, version_of

SUITES = ["bookworm", "trixie"]
BUNDLE = {
    "resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": {"resourceType": "Patient", "id": "package-1", "name": [{"family": "Muster"}]}},
        {"resource": {"resourceType": "Observation", "id": "package-2", "status": "final",
                      "subject": {"reference": "Patient/package-1"}, "code": {"text": "HbA1c"}}}]}
# As unattended upgrades do it: nobody answers a question, and an edited configuration file stays.
INSTALL = "apt-get install -y -q --no-install-recommends -o Dpkg::Options::=--force-confold"


@pytest.fixture(scope="session")
def archives():
    return make_archives(SUITES)


def bare_root(archives, suite, folder):
    """An unpacked root of the suite; the test is skipped, loudly, where there can be none."""
    if isinstance(archives[suite], NoMachine):
        pytest.skip(f"NO CLEAN {suite.upper()} HERE, SO THE PACKAGE IS NOT TRIED ON IT: {archives[suite]}")
    return unpack(archives[suite], folder)


class Clinic:
    """A machine on which Salus is installed, and whoever was found on it so far."""

    def __init__(self, machine, packages, port):
        self.machine, self.packages, self.port = machine, packages, port
        self.administrator = None

    @property
    def url(self):
        return f"https://localhost:{self.port}"

    def salus(self, arguments, stdin=None):
        """A command as the operator runs it beside the service."""
        return self.machine.run(f"sudo -u salus salus {arguments}", stdin=stdin).stdout

    def records(self):
        return json.loads(self.salus("records list --json"))

    def install(self, package):
        shutil.copy(package, self.machine.path("/root/salus.deb"))
        return self.machine.run(f"{INSTALL} --reinstall --allow-downgrades ./salus.deb")

    def sign_in(self, browser):
        """Signs the administrator in as a browser that was never seen before; the page after that."""
        with browser.new_context(base_url=self.url, ignore_https_errors=True) as context:
            page = context.new_page()
            people.sign_in(page, self.administrator)
            page.get_by_role("button", name="Sign out").wait_for()
            return page.locator("body").inner_text()

    def expect_running(self):
        assert self.machine.run("systemctl is-active salus").stdout.strip() == "active"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module", params=SUITES)
def clinic(request, archives, package, tmp_path_factory):
    """A machine that was just booted; the tests below lead it through its life."""
    folder, begun = tmp_path_factory.mktemp(request.param), time.monotonic()
    root = bare_root(archives, request.param, folder / request.param)
    port = free_port()
    # The machine shares our network, in which something may listen at 8443 already.
    dropin = root / "etc/systemd/system/salus.service.d/port.conf"
    dropin.parent.mkdir(parents=True)
    dropin.write_text(f"[Service]\nEnvironment=SALUS_LISTEN=127.0.0.1:{port}\n", encoding="utf-8")
    packages = {"now": package, "later": later(package, tmp_path_factory.mktemp("later"))}
    try:
        machine = Machine(root)
    except NoMachine as error:
        pytest.skip(f"NO MACHINE CAN BE BOOTED HERE, SO THE PACKAGE IS NOT TRIED ON {request.param.upper()}: {error}")
    try:
        yield Clinic(machine, packages, port)
    finally:
        machine.close()
        shutil.rmtree(root, ignore_errors=True)
        print(f"package: the life on {request.param} took {time.monotonic() - begun:.0f} s", flush=True)


def test_it_installs_and_starts(clinic):
    clinic.machine.run("apt-get update -q")
    said = clinic.install(clinic.packages["now"])
    assert "salus people add" in said.stdout + said.stderr
    clinic.expect_running()
    assert clinic.machine.run("systemctl is-enabled salus").stdout.strip() == "enabled"
    assert clinic.machine.run("systemctl show -P User salus").stdout.strip() == "salus"
    assert "not found" not in clinic.machine.run("ldd /usr/bin/salus").stdout


def test_data_key_and_configuration_are_closed_to_others(clinic):
    for folder in ("/var/lib/salus", "/var/lib/salus-keys"):
        assert clinic.machine.run(f"stat -c '%U %a' {folder}").stdout.strip() == "salus 700"
    keys = list(clinic.machine.path("/var/lib/salus-keys").glob("*.key"))
    assert len(keys) == 1 and stat.S_IMODE(keys[0].stat().st_mode) == 0o600
    assert clinic.machine.run("stat -c '%U %G %a' /etc/salus/salus.yaml").stdout.strip() == "root salus 640"


def test_no_welcome_link_stands_in_the_journal(clinic):
    assert "/welcome/" not in clinic.machine.run("journalctl --no-pager --output=cat").stdout


def test_root_is_told_whose_data_it_is(clinic):
    done = clinic.machine.run("salus posture", check=False)
    assert done.returncode == 4, done.stdout + done.stderr
    assert "sudo -u salus salus" in done.stderr


def test_the_first_administrator_signs_in(clinic, browser):
    said = clinic.salus(
        f"people add --role administrator --login ines --name 'Ines Okonkwo' --url {clinic.url}")
    link = next(word for word in said.split() if "/welcome/" in word)
    with browser.new_context(base_url=clinic.url, ignore_https_errors=True) as context:
        clinic.administrator = people.enrol(context.new_page(), link, "ines")
    assert "Ines Okonkwo" in clinic.sign_in(browser)


def test_records_are_imported_and_survive_a_restart(clinic, browser):
    clinic.machine.path("/srv/bundle.json").write_text(json.dumps(BUNDLE), encoding="utf-8")
    clinic.salus("records import /srv/bundle.json")
    assert clinic.records()["resources"] == 2
    clinic.machine.run("systemctl restart salus")
    clinic.expect_running()
    assert clinic.records()["resources"] == 2
    assert clinic.salus("ledger verify").startswith("verified: ")
    assert "Ines Okonkwo" in clinic.sign_in(browser)


def test_the_key_becomes_a_credential_and_a_file_again(clinic):
    [key] = clinic.machine.path("/var/lib/salus-keys").glob("*.key")
    text = key.read_bytes()
    clinic.machine.run("salus-credential seal")
    key.unlink()
    clinic.machine.run("systemctl restart salus")
    clinic.expect_running()
    sealed = json.loads(clinic.machine.run("salus-credential run records list --json").stdout)
    assert sealed["resources"] == 2
    assert text.split()[-1] not in clinic.machine.path("/etc/salus/salus.root.cred").read_bytes()
    clinic.machine.run("salus-credential unseal")
    clinic.expect_running()
    assert key.read_bytes() == text
    assert clinic.records()["resources"] == 2


def test_an_upgrade_keeps_data_accounts_and_the_edited_configuration(clinic, browser):
    with clinic.machine.path("/etc/salus/salus.yaml").open("a", encoding="utf-8") as file:
        file.write("institution: Edited Clinic\n")
    before = clinic.machine.run("systemctl show -P MainPID salus").stdout
    clinic.install(clinic.packages["later"])
    installed = clinic.machine.run("dpkg-query -W -f '${Version}' salus").stdout
    assert installed == version_of(clinic.packages["later"])
    clinic.expect_running()
    assert clinic.machine.run("systemctl show -P MainPID salus").stdout != before, "it was not started anew"
    kept = clinic.machine.path("/etc/salus/salus.yaml").read_text(encoding="utf-8")
    assert "Edited Clinic" in kept and "What a later version says" not in kept
    assert clinic.machine.run("stat -c '%U %G %a' /etc/salus/salus.yaml").stdout.strip() == "root salus 640"
    assert clinic.records()["resources"] == 2
    assert "Edited Clinic" in clinic.sign_in(browser)


def test_a_disabled_service_stays_disabled_at_an_upgrade(clinic):
    clinic.machine.run("systemctl disable --now salus")
    clinic.install(clinic.packages["later"])
    assert clinic.machine.run("systemctl is-enabled salus", check=False).stdout.strip() == "disabled"
    clinic.machine.run("systemctl enable --now salus")


def test_removing_it_keeps_the_data_and_installing_it_again_finds_them(clinic, browser):
    clinic.machine.run("apt-get remove -y -q salus")
    assert clinic.machine.run("systemctl is-active salus", check=False).stdout.strip() != "active"
    assert not clinic.machine.path("/usr/bin/salus").exists()
    assert clinic.machine.path("/var/lib/salus/salus.db").exists()
    clinic.install(clinic.packages["later"])
    clinic.expect_running()
    assert clinic.records()["resources"] == 2
    assert "Edited Clinic" in clinic.sign_in(browser)


def test_purging_it_without_anybody_to_ask_keeps_the_data_and_names_them(clinic):
    done = clinic.machine.run("apt-get purge -y -q salus")
    assert "/var/lib/salus STAYS" in done.stdout + done.stderr
    assert "/var/lib/salus-keys STAYS" in done.stdout + done.stderr
    assert clinic.machine.path("/var/lib/salus/salus.db").exists()
    assert list(clinic.machine.path("/var/lib/salus-keys").glob("*.key"))
    assert not clinic.machine.path("/etc/salus/salus.yaml").exists()


def test_purging_it_with_the_answer_yes_deletes_them(clinic):
    clinic.install(clinic.packages["now"])
    assert clinic.records()["resources"] == 2, "what a purge left is found again"
    clinic.machine.run("echo 'salus salus/remove-data boolean true' | debconf-set-selections")
    done = clinic.machine.run("apt-get purge -y -q salus")
    assert "STAYS" not in done.stdout + done.stderr
    for place in ("/var/lib/salus", "/var/lib/salus-keys", "/etc/salus"):
        assert not clinic.machine.path(place).exists(), place


@pytest.mark.parametrize("suite", SUITES)
def test_it_installs_where_no_systemd_runs(archives, suite, package, tmp_path):
    """As builders of images and containers do: nothing is started, nothing fails."""
    root = bare_root(archives, suite, tmp_path / suite)
    shutil.copy(package, root / "root" / "salus.deb")
    done = run_without_systemd(root, f"""
        set -e; cd /root; apt-get update -q; {INSTALL} ./salus.deb
        runuser -u salus -- salus --version; test -e /etc/systemd/system/multi-user.target.wants/salus.service
        apt-get purge -y -q salus; test -d /var/lib/salus""")
    assert done.returncode == 0, done.stdout
    shutil.rmtree(root, ignore_errors=True)
