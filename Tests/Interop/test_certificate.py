# SPDX-License-Identifier: Apache-2.0
"""The console's certificate: brought by the operator and renewed while people work, or from the clinic's own authority
and trusted by this machine's curl and browsers."""

import concurrent.futures
import os
import pathlib
import shutil
import signal
import ssl
import subprocess
import sys
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "Tests" / "Browser"))

from playwright.sync_api import sync_playwright  # noqa: E402

from program import PROGRAM, DidNotStart, running  # noqa: E402

NAME = "salus.clinic.example"
CHROMIUM = "/usr/lib/chromium/chromium-headless-shell"


def openssl(*arguments, folder):
    subprocess.run(["openssl", *map(str, arguments)], cwd=folder, check=True, capture_output=True)


class Authority:
    """An authority as a clinic buys or runs one, which signs certificates of the console."""

    def __init__(self, folder):
        self.folder, self.file = folder, folder / "ca.pem"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key",
                "-out", "ca.pem", "-days", "30", "-subj", "/CN=Clinic test authority", folder=folder)

    def issue(self, to, names=(NAME,), days=90, kind=("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")):
        """Writes `to.pem` (the certificate, then the authority's) and `to.key`."""
        extensions = self.folder / f"{to}.ext"
        extensions.write_text("subjectAltName=" + ",".join(f"DNS:{name}" for name in names), encoding="ascii")
        openssl("req", *kind, "-nodes", "-keyout", f"{to}.key", "-out", f"{to}.csr", "-subj", "/CN=console",
                folder=self.folder)
        openssl("x509", "-req", "-in", f"{to}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", days, "-extfile",
                extensions, "-out", f"{to}.pem", folder=self.folder)
        with (self.folder / f"{to}.pem").open("a", encoding="ascii") as file:
            file.write(self.file.read_text(encoding="ascii"))
        (self.folder / f"{to}.key").chmod(0o640)

    def put(self, source, target="now"):
        """Makes `source` the pair in force, as renewals do: first the certificate, then the key."""
        for ending in ("pem", "key"):
            shutil.copy(self.folder / f"{source}.{ending}", self.folder / f"{target}.new")
            (self.folder / f"{target}.new").chmod(0o640)
            (self.folder / f"{target}.new").rename(self.folder / f"{target}.{ending}")

    def arguments(self, pair="now"):
        certificate, key = (str(self.folder / f"{pair}.{ending}") for ending in ("pem", "key"))
        return ["--certificate", certificate, "--certificate-key", key]


@pytest.fixture
def authority(tmp_path):
    folder = tmp_path / "authority"
    folder.mkdir()
    return Authority(folder)


def shown(console):
    """The certificate that a new connection gets, in PEM."""
    return ssl.get_server_certificate(("127.0.0.1", console.port)).strip()


def first_of(path):
    end = "-----END CERTIFICATE-----"
    return path.read_text(encoding="ascii").split(end)[0].strip() + f"\n{end}"


def curl(console, authority, *options, name=NAME):
    return subprocess.run(
        ["curl", "--silent", "--show-error", "--noproxy", "*", "--cacert", authority.file, "--max-time", "10",
         "--resolve", f"{name}:{console.port}:127.0.0.1", *options, f"https://{name}:{console.port}/healthz"],
        capture_output=True, text=True)


def wait_until(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.2)


def facts(console):
    """All entries of the log, as the bytes of its tiles."""
    console.run("ledger", "verify")
    return b"".join(path.read_bytes() for path in (console.data / "ledger").rglob("*") if path.is_file())


NAMED = {"SALUS_NAMES": NAME}


@pytest.mark.parametrize("kind", [
    ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"), ("-newkey", "rsa:2048")], ids=["P-256", "RSA"])
def test_a_certificate_of_the_clinic_is_shown_with_its_chain(authority, tmp_path, kind):
    authority.issue("now", kind=kind)
    with running(tmp_path / "salus", "--no-demo", *authority.arguments(), environment=NAMED) as console:
        assert shown(console) == first_of(authority.folder / "now.pem")
        for version in ("--tlsv1.3", "--tls-max=1.2"):
            done = curl(console, authority, *version.replace("=", " ").split())
            assert done.stdout == "ok\n", done.stderr


def test_a_renewal_is_shown_to_new_connections_and_interrupts_none(authority, tmp_path):
    authority.issue("first")
    authority.issue("second")
    authority.put("first")
    with running(tmp_path / "salus", "--no-demo", *authority.arguments(), environment=NAMED) as console:
        with concurrent.futures.ThreadPoolExecutor() as pool:
            # New connections all the time, before, during and after.
            asked = [pool.submit(curl, console, authority) for _ in range(20)]
            authority.put("second")
            console.process.send_signal(signal.SIGHUP)
            asked += [pool.submit(curl, console, authority) for _ in range(60)]
            answers = [each.result() for each in asked]
        assert [each.stderr for each in answers if each.stdout != "ok\n"] == []
        wait_until(lambda: shown(console) == first_of(authority.folder / "second.pem"), 5, "the second certificate")
        assert console.process.poll() is None
        wait_until(lambda: b"server.certificate-renewed.v1" in facts(console), 5, "the fact")
        # And without being told: files that changed are noticed.
        authority.put("first")
        wait_until(lambda: shown(console) == first_of(authority.folder / "first.pem"), 20, "the first certificate")


def test_a_broken_renewal_keeps_the_certificate_and_says_so(authority, tmp_path):
    authority.issue("first")
    authority.issue("second")
    authority.put("first")
    with running(tmp_path / "salus", "--no-demo", *authority.arguments(), environment=NAMED) as console:
        shutil.copy(authority.folder / "second.pem", authority.folder / "now.pem")
        console.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "does not belong to the certificate" in console.log(), 10, "the operator's log")
        assert shown(console) == first_of(authority.folder / "first.pem")
        assert curl(console, authority).stdout == "ok\n"
        wait_until(lambda: b"server.certificate-refused.v1" in facts(console), 5, "the fact")
        # The measure is read once a minute.
        said = "the newer files cannot be used"
        wait_until(lambda: said in console.run("posture", "--json").stdout, 75, "the posture")
        authority.put("second")
        console.process.send_signal(signal.SIGHUP)
        wait_until(lambda: shown(console) == first_of(authority.folder / "second.pem"), 10, "the mended pair")


def test_sighup_ends_no_console_with_a_certificate_of_its_own(tmp_path):
    with running(tmp_path / "salus", "--no-demo") as console:
        console.process.send_signal(signal.SIGHUP)
        time.sleep(1)
        assert console.get("/healthz").status == 200


def break_nothing_but(authority, what):
    """Makes a pair that has one fault."""
    authority.issue("now", days=90)
    certificate, key = authority.folder / "now.pem", authority.folder / "now.key"
    if what == "another key":
        authority.issue("other")
        shutil.copy(authority.folder / "other.key", key)
    elif what == "expired":
        authority.issue("now", days=-1)
    elif what == "other name":
        authority.issue("now", names=["other.example"])
    elif what == "open key":
        key.chmod(0o644)
    elif what == "password":
        openssl("pkey", "-in", "now.key", "-aes256", "-passout", "pass:secret", "-out", "now.enc",
                folder=authority.folder)
        (authority.folder / "now.enc").rename(key)
        key.chmod(0o640)
    elif what == "no PEM":
        certificate.write_text("nothing\n", encoding="ascii")
    elif what == "key missing":
        key.unlink()
    elif what == "a folder":
        key.unlink()
        key.mkdir()


@pytest.mark.parametrize("what, words", [
    ("another key", "does not belong to the certificate"),
    ("expired", "ended on"),
    ("other name", f"does not hold the name {NAME}. It names other.example."),
    ("open key", "chmod 640"),
    ("password", "protected by a password"),
    ("no PEM", "There is no certificate in"),
    ("key missing", "cannot be read: No such file or directory"),
    ("a folder", "is no file"),
])
def test_what_cannot_be_used_is_said_at_the_start(authority, tmp_path, what, words):
    break_nothing_but(authority, what)
    with pytest.raises(DidNotStart) as refused:
        with running(tmp_path / "salus", "--no-demo", *authority.arguments(), environment=NAMED):
            pass
    assert words in str(refused.value)


def test_certificate_and_key_are_named_together(authority, tmp_path):
    authority.issue("now")
    with pytest.raises(DidNotStart) as refused:
        with running(tmp_path / "salus", "--no-demo", *authority.arguments()[:2]):
            pass
    assert "belong together" in str(refused.value)


def salus(home, *arguments):
    """Runs a command with a home of its own, as somebody at this machine would."""
    environment = {**os.environ, "HOME": str(home)}
    environment.pop("SUDO_USER", None)
    return subprocess.run(
        [PROGRAM, *map(str, arguments)], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    (folder / ".mozilla/firefox/abcd.default").mkdir(parents=True)
    if not shutil.which("certutil"):
        pytest.skip("NO certutil HERE: scripts/packages/test.txt lists libnss3-tools")
    subprocess.run(
        ["certutil", "-N", "-d", f"sql:{folder}/.mozilla/firefox/abcd.default", "--empty-password"], check=True)
    return folder


def listed(home, folder):
    return subprocess.run(
        ["certutil", "-L", "-d", f"sql:{home}/{folder}"], capture_output=True, text=True).stdout


def opens(console, home):
    """What headless Chromium with this home says to the console, every certificate checked."""
    chosen = os.environ.get("SALUS_CHROMIUM") or (CHROMIUM if pathlib.Path(CHROMIUM).exists() else None)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chosen, args=sandbox, env={**os.environ, "HOME": str(home)})
        try:
            browser.new_page().goto(f"{console.url}sign-in")
            return "opened"
        except Exception as error:
            return str(error)
        finally:
            browser.close()


# The system's store is tried in a mount namespace of its own, on copies: this machine's stays as it is.
IN_COPIES = """
set -e
mkdir -p /usr/local/share/ca-certificates
for folder in /etc/ssl/certs /usr/local/share/ca-certificates; do
    copy=$(mktemp -d); cp -a "$folder/." "$copy"; mount --bind "$copy" "$folder"
done
"$@"
"""


def in_copies(script, home, console):
    """Runs a script where the system's store may be changed. $SALUS, $DATA and $URL are there to use."""
    environment = {**os.environ, "HOME": str(home), "SALUS": str(PROGRAM), "DATA": str(console.data),
                   "URL": f"{console.url}healthz"}
    environment.pop("SUDO_USER", None)
    return subprocess.run(
        ["unshare", "--mount", "bash", "-c", IN_COPIES, "_", "bash", "-c", script], env=environment,
        stdin=subprocess.DEVNULL, capture_output=True, text=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="ONLY ROOT CHANGES THE SYSTEM'S STORE, so it is not tried")
def test_the_systems_store_trusts_and_no_longer(tmp_path, home):
    with running(tmp_path / "salus", "--no-demo") as console:
        done = in_copies("""
            ask() { curl --silent --show-error --noproxy '*' "$URL"; }
            ask && exit 9
            set -ex
            $SALUS certificate trust --data "$DATA"
            ask
            $SALUS certificate trust --data "$DATA" | grep 'system: trusted already'
            $SALUS certificate untrust --data "$DATA" | grep 'system: trusted no longer'
            if ask; then exit 8; fi
            test -z "$(ls /usr/local/share/ca-certificates | grep '^salus-')"
            """, home, console)
        assert done.returncode == 0 and "ok" in done.stdout, done.stdout + done.stderr


def only_browsers(home, console, verb, *more):
    """The command as somebody who is not root and may not read Salus's folder: with the certificate in a file."""
    copy = home / "salus-authority.pem"
    copy.write_bytes(console.get("/settings/authority.pem").body)
    if os.geteuid() != 0:
        return salus(home, "certificate", verb, "--file", copy, *more)
    for path in (home, *home.rglob("*")):
        os.chown(path, 65534, 65534)
    home.parent.chmod(0o755)
    environment = {**os.environ, "HOME": str(home)}
    return subprocess.run(
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
         PROGRAM, "certificate", verb, "--file", copy, *more],
        env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)


def test_browsers_trust_and_no_longer_without_root(tmp_path_factory, home):
    for path in (home.parent, *home.parents):
        if path.stat().st_uid == os.geteuid() and path != pathlib.Path("/"):
            path.chmod(path.stat().st_mode | 0o055)
    with running(tmp_path_factory.mktemp("salus"), "--no-demo") as console:
        assert "ERR_CERT_AUTHORITY_INVALID" in opens(console, home)
        tried = only_browsers(home, console, "trust", "--dry-run")
        assert tried.returncode == 0 and not (home / ".pki").exists(), tried.stdout + tried.stderr
        done = only_browsers(home, console, "trust")
        assert done.returncode == 3, "the system's store needs root, and that is said: " + done.stdout + done.stderr
        assert "system: NOT CHANGED: only root may" in done.stdout
        assert done.stdout.count("trusted now") == 2
        assert "not limited to the console's names" in done.stdout
        assert opens(console, home) == "opened"
        assert "Salus local authority" in listed(home, ".mozilla/firefox/abcd.default")
        again = only_browsers(home, console, "trust")
        assert again.stdout.count("trusted already") == 2
        gone = only_browsers(home, console, "untrust")
        assert gone.returncode == 0 and gone.stdout.count("trusted no longer") == 2, gone.stdout + gone.stderr
        assert "ERR_CERT_AUTHORITY_INVALID" in opens(console, home)
        assert "Salus local authority" not in listed(home, ".mozilla/firefox/abcd.default")


def test_a_file_that_is_no_authority_is_refused(authority, home):
    authority.issue("now")
    done = salus(home, "certificate", "trust", "--file", authority.folder / "now.pem")
    assert done.returncode == 2 and "is not the certificate of an authority" in done.stderr
