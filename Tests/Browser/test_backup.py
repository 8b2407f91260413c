# SPDX-License-Identifier: Apache-2.0
"""The pages about backups: empty, a job that is started here, its drill, its files, and what damage looks like."""

import json
import pathlib
import time

from checks import look
from people import press

WAIT = 60


def run(console, *arguments):
    done = console.run("backup", *arguments)
    assert done.returncode == 0, done.stderr
    return done


def wait_for(page, text):
    """Loads the page until it says so: jobs are looked for every ten seconds."""
    end = time.monotonic() + WAIT
    while page.get_by_text(text, exact=True).count() == 0:
        assert time.monotonic() < end, f"{text} did not come"
        time.sleep(1)
        page.reload()


def damage(repository):
    """Changes a byte in the middle of every pack."""
    for pack in (repository / "data").glob("*/*"):
        pack.chmod(0o600)
        content = bytearray(pack.read_bytes())
        content[20] ^= 1
        pack.write_bytes(content)


def test_backup(console, staff, new_page, tmp_path, watch):
    page = staff.administrator.enter(new_page())
    page.goto("/backup")
    assert page.get_by_text("No backup jobs yet").count() == 1
    look(page, "backup-none")

    records = tmp_path / "records"
    (records / "letters").mkdir(parents=True)
    for number in range(30):
        (records / f"scan-{number:02}.txt").write_text(f"scan {number}\n" * 200, encoding="utf-8")
    (records / "letters" / "Mara's letter.txt").write_text("See you on Monday.\n", encoding="utf-8")
    run(console, "repository", "add", "Cellar", "--repo", str(tmp_path / "cellar"), "--site", "Cellar")
    run(console, "repository", "add", "Bank", "--repo", str(tmp_path / "bank"), "--site", "Bank vault")
    run(console, "job", "add", "Records", str(records), "--to", "Cellar", "--to", "Bank")
    page.goto("/backup")
    page.get_by_role("link", name="Records", exact=True).click()
    assert page.get_by_text("Never restored", exact=True).count() == 1
    look(page, "backup-job-new")

    press(page, "Back up now")
    assert page.get_by_text("The backup begins within ten seconds").count() == 1
    page.goto(page.url.split("?")[0])
    wait_for(page, "Done")
    end = time.monotonic() + WAIT
    while page.get_by_role("table", name="Snapshots").locator("tbody tr").count() < 2:
        assert time.monotonic() < end, "the copy did not come"
        time.sleep(1)
        page.reload()
    press(page, "Start a drill")
    page.goto(page.url.split("?")[0])
    wait_for(page, "Passed")
    look(page, "backup-job")
    page.goto("/backup")
    look(page, "backup")
    page.get_by_role("link", name="Passed after").click()
    assert page.get_by_text("Everything was back").count() == 1
    assert page.get_by_text("31 of 31 files are what they were, which is all of them").count() == 1
    look(page, "backup-drill")


def test_looking_into_a_snapshot(console, staff, new_page, watch):
    page = staff.administrator.enter(new_page())
    page.goto("/backup")
    page.get_by_role("link", name="Records", exact=True).click()
    page.get_by_role("table", name="Snapshots").get_by_role("link").first.click()
    while page.get_by_role("link", name="letters/").count() == 0:
        page.locator("tbody a").first.click()
    look(page, "backup-folder")
    page.get_by_role("link", name="letters/").click()
    # The address names the place by numbers: a file's name may be a patient's.
    assert "letter" not in page.url
    with page.expect_download() as download:
        page.get_by_role("link", name="Mara's letter.txt").click()
    assert download.value.suggested_filename == "Mara's letter.txt"
    assert download.value.path().read_text(encoding="utf-8") == "See you on Monday.\n"


def test_a_drill_that_fails(console, staff, new_page, tmp_path_factory, watch):
    page = staff.administrator.enter(new_page())
    listed = json.loads(run(console, "repository", "list", "--json").stdout)["repositories"]
    damage(pathlib.Path(next(each["place"] for each in listed if each["name"] == "Bank")))
    failed = console.run("backup", "drill", "Records")
    assert failed.returncode == 1
    page.goto("/backup")
    page.get_by_role("link", name="Failed after").click()
    assert page.get_by_text("Not everything came back").count() == 1
    look(page, "backup-drill-failed")
    page.goto("/backup")
    look(page, "backup-failed")


def test_a_physician_sees_no_backups(staff, new_page, watch):
    watch.allow("status of 403")
    page = staff.physician.enter(new_page())
    assert page.goto("/backup").status == 403
    assert page.get_by_role("link", name="Backup", exact=True).count() == 0
