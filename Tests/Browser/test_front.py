# SPDX-License-Identifier: Apache-2.0
"""The front door: it answers, it looks right, and it says to the browser what a page may not do."""

import re
import socket
import ssl

import pytest

from checks import look

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
YEAR = 365 * 24 * 3600


def test_health(console):
    assert console.get("/healthz").status == 200


def test_front_page(console, page):
    assert console.get("/").status == 303
    assert console.get("/").headers["location"] == "/sign-in"
    answer = page.goto("/")
    assert answer.status == 200
    assert page.url == console.url + "sign-in"
    assert "Salus" in page.title()
    assert page.locator("html").get_attribute("lang"), "a screen reader must know the language"
    assert page.locator("main").count() == 1
    assert page.locator("h1").count() == 1
    look(page, "sign-in")


def test_page_that_is_not(console, page, watch):
    watch.allow("status of 404")
    assert page.goto("/there-is-no-such-page").status == 404
    look(page, "signed-out-not-found")


def test_a_form_that_is_too_long_for_a_stranger(page, watch):
    watch.allow("status of 413")
    page.goto("/sign-in")
    page.get_by_label("Sign-in name").fill("a" * 20_000)
    page.get_by_label("Password").fill("b")
    page.get_by_role("button", name="Sign in").click()
    assert page.get_by_text("16 KiB").count() == 1
    look(page, "signed-out-too-long")


@pytest.mark.parametrize("path", ["/", "/sign-in", "/healthz", "/there-is-no-such-page"])
def test_security_headers(console, path):
    headers = console.get(path).headers
    assert {name: headers.get(name) for name in HEADERS} == HEADERS
    age = re.search(r"max-age=(\d+)", headers.get("strict-transport-security", ""))
    assert age and int(age[1]) >= YEAR
    for feature in ("camera", "microphone", "geolocation"):
        assert f"{feature}=()" in headers.get("permissions-policy", "").replace(" ", "")


def handshake(port, low, high, ciphers=None):
    """Connects with these TLS versions and no others; the version that was agreed on."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    # Level 0, or OpenSSL would refuse the old versions itself and the server would never be asked.
    context.set_ciphers(ciphers or "ALL:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = low, high
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        with context.wrap_socket(connection, server_hostname="localhost") as secure:
            return secure.version()


@pytest.mark.parametrize(
    ("version", "name"), [(ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")])
def test_tls_accepted(console, version, name):
    assert handshake(console.port, version, version) == name


# ssl warns of the old versions; that they are old is the point.
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_tls_refused(console, version):
    with pytest.raises(ssl.SSLError) as refused:
        handshake(console.port, version, version)
    assert refused.value.reason == "TLSV1_ALERT_PROTOCOL_VERSION", "the server itself must refuse"


def test_key_exchange_without_forward_secrecy_refused(console):
    only = ssl.TLSVersion.TLSv1_2
    with pytest.raises(ssl.SSLError) as refused:
        handshake(console.port, only, only, "AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA:@SECLEVEL=0")
    assert "HANDSHAKE_FAILURE" in refused.value.reason
