# SPDX-License-Identifier: Apache-2.0
"""What each page takes for granted, and what a test has to know to run it. story.py says how pages are run."""

import dataclasses


@dataclasses.dataclass
class Told:
    """What is known of one page."""

    # Run before the page: what it takes for granted.
    before: str = "true"
    # Run after it: whether what the page promises is so.
    after: str = "true"
    # What stands for a placeholder of the page.
    values: dict = dataclasses.field(default_factory=dict)
    # Which commands end with another status than 0.
    status: dict = dataclasses.field(default_factory=dict)
    # A command at which a person types, and the same with what they type.
    typed: dict = dataclasses.field(default_factory=dict)
    # A command that needs a whole machine or is a test itself, and the file::test that runs it.
    elsewhere: dict = dataclasses.field(default_factory=dict)
    # Further variables of the environment.
    environment: dict = dataclasses.field(default_factory=dict)
    # Pages whose files this one uses.
    files_of: tuple = ()
    # Whether the page speaks of a PostgreSQL server.
    postgres: bool = False




# A patient, and an administrator who was invited.
CLINIC = """
echo '{"resourceType":"Patient","id":"p1","name":[{"family":"Brightwater"}]}' > patient.json
salus records import patient.json > /dev/null
salus people add --login ada --name 'Ada Okafor' --role administrator > /dev/null
"""
STILL_THERE = "salus people list | grep ada > /dev/null; salus records list | grep Patient > /dev/null"
EXPORTS = "mkdir exports; echo '{\"resourceType\":\"Patient\",\"id\":\"p1\"}' > exports/p1.json"
GRACE = CLINIC + "salus people add --login grace --name 'Grace Adeyemi' --role physician > /dev/null\n"
AMARA = CLINIC + "salus people add --login amara --name 'Amara Diallo' --role physician > /dev/null\n"
# A repository with a job for Salus itself, as "Back up Salus itself" makes them.
BACKED_UP = CLINIC + """
salus backup repository add Cellar --repo /mnt/backup/salus --site Cellar > /dev/null
salus backup job add Salus --state --to Cellar > /dev/null
"""
ROLE = """
sudo -u postgres psql --quiet --command "CREATE ROLE salus LOGIN PASSWORD 'choose-a-long-one'"
sudo -u postgres createdb --owner salus salus
"""
# Whoever runs the tests stands for the user of Salus.
OWNER = {"salus:": '"$(id -un):"', "-o salus": '-o "$(id -un)"'}
# What a command says in JSON, looked at by a line of Python.
SAYS = "$(%s --json | python3 -c 'import json, sys; said = json.load(sys.stdin); print(%s)')"
FIRST_SNAPSHOT = SAYS % ("salus backup snapshots --path /srv", 'said[0]["id"]')
OTHER_KEY = SAYS % ("salus backup key list", '[key["id"] for key in said if not key["current"]][0]')
CONTROL = "sudo -u postgres /usr/lib/postgresql/15/bin/pg_ctl -D /var/lib/postgresql/restored/data"
PACKAGE = "Tests/Package/test_package.py"
SCHEMA = '"$REPOSITORY/Sources/C/CPolicies/schema.cedarschema"'
CLINICS_DATA = r"""
mkdir -p /mnt/bank /mnt/offsite /srv/letters /srv/records /srv/lab /var/lib/postgresql
echo 'Dear patient' > /srv/letters/plan.odt
echo 'record' > /srv/records/one.txt
python3 -c "import sqlite3; d = sqlite3.connect('/srv/lab/orders.db'); d.execute('CREATE TABLE o (n)'); d.commit()"
psql --quiet --command 'CREATE ROLE backup LOGIN REPLICATION'
createdb clinic
for name in offsite second new; do echo "$name password" > /etc/salus/$name.password; done
"""

STORIES = {
    "README.md": Told(before=EXPORTS, elsewhere={
        "make run": "Tests/Browser/conftest.py::--demo", "make test": ".ci/run::make test"}),
    "CONTRIBUTING.md": Told(elsewhere={
        "make run": "Tests/Browser/conftest.py::--demo", "make test": ".ci/run::make test",
        "make quick": "Makefile::quick:", "make check": "scripts/run-tests::check-static",
        "make format": "Makefile::format:", "make bench": "Makefile::bench:",
        "make package": "Tests/Package/packing.py::make-package",
        "make fuzz SECONDS=60": "Makefile::fuzz:"}),
    "Documentation/certificates.md": Told(elsewhere={
        "sudo salus certificate trust":
            "Tests/Interop/test_certificate.py::test_browsers_trust_and_no_longer_without_root"}),
    "Documentation/install.md": Told(before=CLINIC, elsewhere={
        "sudo apt install ./salus_0.1.0_amd64.deb": f"{PACKAGE}::test_it_installs_and_starts",
        "sudo salus-credential seal": f"{PACKAGE}::test_the_key_becomes_a_credential_and_a_file_again",
        "sudo apt install ./salus_0.2.0_amd64.deb":
            f"{PACKAGE}::test_an_upgrade_keeps_data_accounts_and_the_edited_configuration"}),
    "Documentation/start.md": Told(),
    "Documentation/records.md": Told(before=EXPORTS),
    "Documentation/operate.md": Told(before=CLINIC),
    "Documentation/keys.md": Told(before=CLINIC),
    "Documentation/evidence.md": Told(
        before=CLINIC + "for i in 1 2 3 4 5 6; do salus keys rotate > /dev/null; done",
        values={"VKEY": "/var/lib/salus/ledger/vkey"}),
    "Documentation/rules.md": Told(
        before=CLINIC, after=f"salus policy validate --policies examples.cedar --schema {SCHEMA}"),
    "Documentation/emergencies.md": Told(before=CLINIC),
    "Documentation/who-can-see.md": Told(before=GRACE),
    "Documentation/policy-files.md": Told(
        before="""echo '@id("all") permit (principal, action == Action::"read", resource);' > next.cedar"""),
    "Documentation/applications.md": Told(
        before=GRACE + "systemctl start salus", files_of=("Documentation/policy-files.md",),
        values={"authority.pem": "/var/lib/salus/authority.pem", "salus.clinic.example": "localhost",
                "$TOKEN": "$(sed -n 's/^token: *//p' added.txt)", "0197…": "01970000-0000-7000-8000-000000000000"},
        typed={'salus access applications add "Ward tablet" --house':
               'salus access applications add "Ward tablet" --house > added.txt'}),
    "Documentation/lost-phone.md": Told(before=AMARA),
    "Documentation/lost-keys.md": Told(before=CLINIC, typed={
        "salus keys recovery --show":
            "echo yes | script -qec 'salus keys recovery --show' shown.txt > /dev/null\n"
            "tr -d '\\r' < shown.txt | sed -nE 's/^ ?([0-9]+)  ([a-z]+)$/\\2/p' > words.txt\n"
            "[ $(wc -l < words.txt) = 24 ]",
        "salus keys recovery --renew":
            "cp words.txt old.txt\n"
            "printf 'new\\nyes\\n' | script -qec 'salus keys recovery --renew' shown.txt > /dev/null\n"
            "tr -d '\\r' < shown.txt | sed -nE 's/^ ?([0-9]+)  ([a-z]+)$/\\2/p' > words.txt\n"
            "[ $(wc -l < words.txt) = 24 ] && ! cmp -s words.txt old.txt",
        "salus keys recovery --restore --key-file /var/lib/salus-keys/root.key":
            "rm /var/lib/salus-keys/root.key\n"
            "salus keys recovery --restore --key-file /var/lib/salus-keys/root.key < words.txt"}),
    "Documentation/staff-leaves.md": Told(before=GRACE),
    "Documentation/disk-full.md": Told(before=BACKED_UP),
    "Documentation/upgrade.md": Told(before=BACKED_UP),
    "Documentation/move-house.md": Told(
        before=CLINIC + "cp /var/lib/salus-keys/root.key root.key; systemctl start salus", values=OWNER,
        after=STILL_THERE),
    "Documentation/postgresql.md": Told(
        postgres=True, before=CLINIC, after="salus status | grep PostgreSQL > /dev/null; " + STILL_THERE),
    "Documentation/several-nodes.md": Told(
        postgres=True, before=ROLE,
        values={"node-1.clinic.example": "localhost", "node-2.clinic.example:8443": "localhost:8444",
                "https://salus.clinic.example": "https://localhost:443"},
        # The second node, with a data folder of its own.
        typed={"sudo systemctl start salus":
               "systemctl start salus\n"
               "if [ -e second ]; then exit; fi; touch second\n"
               "SALUS_DATA=/var/lib/salus-two SALUS_LISTEN=127.0.0.1:8444 salus up"}),
    "Documentation/back-up-salus.md": Told(
        postgres=True, before=CLINIC + "psql --quiet --command 'CREATE ROLE backup LOGIN REPLICATION'",
        after=STILL_THERE, values=OWNER, typed={
            "salus backup repository add Cellar --repo /mnt/backup/salus --site Cellar":
                "salus backup repository add Cellar --repo /mnt/backup/salus --site Cellar | tee added.txt",
            "salus backup restore latest:/var/lib/salus --target /var/lib/salus-restored --path /var/lib/salus":
                "sed -nE 's/^    ([a-z0-9-]+)$/\\1/p' added.txt > /etc/salus/cellar.password\n"
                "salus backup restore latest:/var/lib/salus --target /var/lib/salus-restored --path /var/lib/salus",
            # Between a backup and the day on which it is needed more time goes by than a run is claimed for.
            "sudo systemctl start salus":
                "python3 -c \"import sqlite3; d = sqlite3.connect('/var/lib/salus/salus.db')\n"
                "d.execute('UPDATE backup_jobs SET claim = NULL, due = NULL'); d.commit()\"\n"
                "systemctl start salus"}),
    "Documentation/backup.md": Told(
        postgres=True, before=CLINIC + CLINICS_DATA,
        environment={"RESTIC_REPOSITORY": "/mnt/backup/clinic", "RESTIC_PASSWORD_FILE": "/etc/salus/backup.password"},
        values={"rest:https://backup.bank.example/clinic": "/mnt/bank/clinic",
                "1f3ac04b": FIRST_SNAPSHOT, "1a2b3c4d": OTHER_KEY},
        typed={
            # On a port of its own, and stopped again.
            f"{CONTROL} -l /tmp/restored.log start":
                "chmod o+w /tmp\n"
                f"{CONTROL} -l /tmp/restored.log -o \"-h '' -k $PGHOST -p 6543\" start > /dev/null\n"
                "psql -p 6543 --command 'SELECT 1'\n"
                f"{CONTROL} stop; rm -r /var/lib/postgresql/restored",
            # Files again: what follows looks into the newest snapshot.
            "salus backup snapshots":
                "echo more > /srv/letters/plan.odt; salus backup run /srv; salus backup snapshots",
            "salus backup key passwd --new-password-file /etc/salus/new.password":
                "salus backup key passwd --new-password-file /etc/salus/new.password\n"
                "cp /etc/salus/new.password /etc/salus/backup.password"},
        # A mount needs a kernel that lets one; restoring a server and its log again and again takes a minute.
        elsewhere={
            "salus backup mount /mnt/snapshots": "Tests/Interop/test_restic_mount.py::test_a_mount_shows_the_source",
            "salus backup restore latest --target /var/lib/postgresql/restored --path /postgres/clinic":
                "Tests/Interop/test_backup_sources.py::test_the_log_brings_a_server_to_its_moment",
            "salus backup restore latest --target /var/lib/postgresql/restored --path /postgres/clinic/data/pg_wal":
                "Tests/Interop/test_backup_sources.py::test_the_log_brings_a_server_to_its_moment",
            "salus backup drill": "Tests/Interop/test_backup_drill.py::test_the_demo_clinic_comes_back",
            "salus backup drill Database": "Tests/Interop/test_backup_drill.py::test_the_demo_clinic_comes_back"}),
}
