# SPDX-License-Identifier: Apache-2.0
"""The first day of a clinic, from the welcome link to the proof that a chart was opened."""

import contextlib

import pytest

from conftest import enter
from people import confirm, enrol, follow, invite, is_asked, press, sign_in
from program import CORPORA

PROOF = b"c2sp.org/tlog-proof@v1\n"


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    """An installation of its own with Synthea's patients, imported while it serves; else the demonstration clinic."""
    source = CORPORA / "synthea"
    with contextlib.ExitStack() as stack:
        folder = tmp_path_factory.mktemp("flow")
        console = enter(stack, folder, "--no-demo" if source.is_dir() else "--demo")
        if source.is_dir():
            done = console.run("records", "import", str(source))
            assert done.returncode == 0, done.stdout + done.stderr
        else:
            print(f"NO CORPUS: {source} is missing, the flow uses the demonstration clinic instead")
        yield console


@pytest.fixture(scope="module")
def story():
    """What earlier steps of this file left for the later ones; they run in the order in which they stand."""
    return {}


def needs(story, *names):
    missing = [name for name in names if name not in story]
    if missing:
        pytest.fail(f"an earlier step did not get as far as: {', '.join(missing)}", pytrace=False)
    return [story[name] for name in names]


def test_first_administrator(clinic, new_page, story):
    page = new_page(clinic)
    administrator = enrol(page, clinic.welcome, "ines.okonkwo", "Ines Okonkwo")
    assert len(set(administrator.codes)) == 10
    assert page.get_by_role("heading", name="One question about you").is_visible()
    page.get_by_role("radio", name="No").check()
    press(page, "Continue")

    # Within five minutes of the last code nobody is asked again; later the words are shown after a proof only.
    assert page.locator(".recovery-words code").count() == 24
    clinic.outlive_proofs()
    page.reload()
    assert is_asked(page) and page.locator(".recovery-words").count() == 0
    confirm(page, administrator.phone.code())
    words = page.locator(".recovery-words code").all_inner_texts()
    assert len(words) == 24
    follow(page, "I have written them down")
    asked = page.locator("input[name^=word-]")
    assert asked.count() == 3
    for field in asked.all():
        number = int(field.get_attribute("name").removeprefix("word-"))
        field.fill(words[number - 1])
    press(page, "Confirm")
    assert page.get_by_role("heading", name="The recovery phrase is safe with you").is_visible()
    # The words are gone for good.
    page.goto("/welcome/recovery")
    assert page.locator(".recovery-words").count() == 0
    story["administrator"] = administrator


def test_welcome_link_works_once(clinic, new_page, watch):
    watch.allow("status of 410")
    page = new_page(clinic)
    assert page.goto(clinic.welcome).status == 410
    assert page.get_by_text("It was used on").is_visible()


def test_physician_is_invited_and_enrols(clinic, new_page, story):
    administrator, = needs(story, "administrator")
    link = invite(administrator.enter(new_page(clinic)), "h.lindqvist", "Dr Hanna Lindqvist", "Physician")
    assert link.startswith(clinic.url + "welcome/")
    story["physician"] = enrol(new_page(clinic), link, "h.lindqvist")


def test_physician_signs_in_and_reads_a_chart(clinic, new_page, story):
    physician, = needs(story, "physician")
    page = new_page(clinic)
    # Whoever follows a link first comes back to it after signing in.
    page.goto("/records")
    sign_in(page, physician)
    assert page.url == clinic.url + "records"
    first = page.locator(".data-table tbody th a").first.inner_text()
    family = first.split(",")[0]
    page.get_by_role("searchbox").fill(family)
    press(page, "Search")
    assert family in page.locator(".data-table tbody th").first.inner_text()
    # What was typed is a name: no address holds it, and going back or loading again shows the results all the same.
    assert family.lower() not in page.url.lower()
    found = page.url
    follow(page, first)
    assert page.locator(".patient-banner h1").inner_text().startswith(family)
    chart = page.url
    page.go_back()
    page.reload()
    assert page.url == found
    assert page.get_by_role("searchbox").input_value() == family
    assert family in page.locator(".data-table tbody th").first.inner_text()
    page.goto(chart)
    assert page.locator(".tabs a").count() >= 8
    story["chart"] = page.url


def test_administrator_is_refused_the_chart(clinic, new_page, story, watch):
    administrator, chart = needs(story, "administrator", "chart")
    watch.allow("status of 403")
    page = administrator.enter(new_page(clinic))
    assert page.goto(chart).status == 403
    words = page.locator("main").inner_text()
    assert "Physician or Nurse" in words, "the page says which roles could"
    assert page.locator(".patient-banner").count() == 0
    # Nor do they see that there is such a place.
    assert page.locator(".frame-nav").get_by_role("link", name="Patients").count() == 0


def test_the_log_holds_the_reading_and_proves_it(clinic, new_page, story):
    administrator, _ = needs(story, "administrator", "chart")
    page = administrator.enter(new_page(clinic))
    page.goto("/log")
    kind = page.get_by_label("What happened")
    kind.select_option("vault.chart-read.v1")
    press(page, "Show")
    row = page.locator(".data-table tbody tr").first
    assert "Dr Hanna Lindqvist" in row.inner_text()
    row.get_by_role("link").first.click()
    assert page.locator(".proof-path").get_by_text("Proof holds").is_visible()
    with page.expect_download() as download:
        follow(page, "Download the proof")
    assert download.value.suggested_filename.endswith(".tlog-proof")
    proof = download.value.path()
    assert proof.read_bytes().startswith(PROOF)
    story["proof"] = proof.read_bytes()


def test_refusal_stands_in_the_log(clinic, new_page, story):
    administrator, _ = needs(story, "administrator", "proof")
    page = administrator.enter(new_page(clinic))
    page.goto("/log?kind=access.refused.v1")
    assert "Ines Okonkwo" in page.locator(".data-table tbody tr").first.inner_text()
