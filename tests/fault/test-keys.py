#!/usr/bin/python3
"""test-keys.py BUILD: signing keys made new, lost ones too, while stations go on.

A person at the district machine has the root; the stations learn of it by the line alone.
"""
import re
import signal
import sys

import rig
from rig import wait_until

STATIONS = {"xa-mot": [("mot-a", 1), ("mot-b", 2)]}
STATION = "xa-mot"
N_ZONES = 2


def with_root(town, command, *words):
    """A command that needs the root key, as the user whose files they are; then SIGHUP."""
    district = town.district
    root = district.folder / "safe/root.key"
    secret = district.folder / "safe/passphrase"
    district._as("scheduler", "sh", "-c", 'umask 077; printf "%s\\n" "$0" >"$1"',
                 district.passphrase, secret)
    done = district._as("scheduler", district.programs.scheduler, command, "--config",
                        district.config, "--root-key", root, "--passphrase-file", secret, *words)
    district._as("scheduler", "rm", secret)
    return done


def hang_up(town):
    before = town.district.scheduler.text().count("signing with the keys")
    town.district.users.signal(town.district.scheduler.pid, signal.SIGHUP)
    wait_until(lambda: town.district.scheduler.text().count("signing with the keys") > before, 30,
               "the scheduler to take the keys over")


def delivered(town, tap, what):
    slot = town.broadcast(stations=[STATION], lead_s=12)
    rows = town.wait_verdicts(slot, N_ZONES)
    tap.ok(all(r["state"] == "delivered" for r in rows) and town.is_whole(STATION, slot), what,
           [rows, town.stairs(STATION, slot)])


def aged_keys(town, tap):
    """Each key once, in its time: nobody hears a difference."""
    for role in ("manifest", "time", "approval"):
        with_root(town, "rotate-key", "--role", role)
    hang_up(town)
    wait_until(lambda: town.is_current(STATION), 60, "the station to follow the new keys")
    delivered(town, tap, "after all keys were made new, what the old one approved is delivered")


def expired_keys(town, tap):
    """Five years have gone by: nothing is believed, and that is told; new keys are all it takes."""
    wait_until(lambda: town.status(STATION).get("state", {}).get("refusal"), 60,
               "the station to refuse the manifest of an expired key")
    refusal = town.status(STATION)["state"]["refusal"]
    tap.ok("key" in refusal["code"], "the district sees why the manifest is refused", refusal)
    tap.ok("the first of the signing keys ends on" in town.district.scheduler.text(),
           "and had been warned")
    for role in ("manifest", "time", "approval"):
        with_root(town, "rotate-key", "--role", role)
    with_root(town, "resign-approvals")
    hang_up(town)
    wait_until(lambda: town.is_current(STATION), 60, "the station to follow the new keys")
    delivered(town, tap, "with new keys a broadcast is delivered")


def lost_manifest_key(town, tap):
    """What the lost key ordered ends; the station follows the next one from version to version."""
    before = town.status(STATION)["issued_version"]
    with_root(town, "rotate-key", "--role", "manifest", "--lost")
    hang_up(town)
    wait_until(lambda: town.is_current(STATION) and
               town.status(STATION)["issued_version"] > before, 60,
               "the station to follow the new manifest key")
    delivered(town, tap, "after the manifest key was lost, a broadcast is delivered")


def lost_approval_key(town, tap):
    """Believed by nobody any more, whatever is on the disks, until it is signed anew."""
    before = town.status(STATION)["issued_version"]
    told = with_root(town, "rotate-key", "--role", "approval", "--lost")
    tap.ok("resign-approvals" in told, "the command says what is to be done", told)
    hang_up(town)
    wait_until(lambda: town.is_current(STATION) and
               town.status(STATION)["issued_version"] > before, 60,
               "the station to follow the new approval key")
    slot = town.approve_slot(lead_s=12)
    rows = town.wait_verdicts(slot, N_ZONES)
    tap.ok(all(r["state"] == "missed" and "approv" in r["reason"] for r in rows),
           "what the lost key approved is not played, and the district says why", rows)
    tap.ok(not town.stairs(STATION, slot), "nothing was heard", town.stairs(STATION, slot))


def signed_anew(town, tap):
    """The root orders it, the district does it, the station needs nothing but the line."""
    draft = town.editor.loactl(
        "announcement", "add", "Chưa duyệt", "--home", rig.AREA, "--source-number", "2/TB",
        "--source-issuer", "Vùng thử", "--source-date", "2026-01-01", "--valid-until",
        "2199-01-01", "--no-state-secret", "--version", f"vi={town.folder / 'stair.wav'}")
    before = town.status(STATION)["issued_version"]
    with_root(town, "resign-approvals")
    hang_up(town)
    wait_until(lambda: len(re.findall(r"\b1 approvals are signed anew, 0 are not",
                                      town.district.scheduler.text())) == 2, 30,
               "the one approval in force to be signed anew, as it was in the beginning")
    rows = town.district.query("SELECT action, object FROM audit WHERE action = 'version.resign'")
    tap.ok(len(rows) == 2, "and each is a row of the audit", rows)
    drafts = town.district.query("SELECT state, approval FROM versions WHERE id = "
                                 f"'{draft['versions'][0]['id']}'")
    tap.ok(drafts[0]["state"] == "draft" and drafts[0]["approval"] is None,
           "what nobody had approved still is a draft", drafts)
    wait_until(lambda: town.is_current(STATION) and
               town.status(STATION)["issued_version"] > before, 60, "the station to follow")
    delivered(town, tap, "what was approved before the loss is delivered again")
    tap.ok(not (town.district.state / "keys/resign").exists(), "the order is gone")


if __name__ == "__main__":
    sys.exit(rig.run([expired_keys, lost_manifest_key, lost_approval_key, signed_anew, aged_keys],
                     STATIONS, born="-1830d"))
