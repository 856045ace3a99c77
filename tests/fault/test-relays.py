#!/usr/bin/python3
"""test-relays.py BUILD: relay boards that go bad in five ways, and a technician who tests them.

Zones fail; the others play on, and the district hears why, in words and within a minute.
"""
import contextlib
import json
import subprocess
import sys
import time

import rig
from rig import wait_until

STATIONS = {"xa-mot": [("mot-a", 1), ("mot-b", 2), ("mot-c", "xa/3"), ("mot-d", "muon/1"),
                       ("mot-e", "cham/1"), ("mot-g", "hong/1")]}
BOARDS = {"xa-mot": ("cabinet", "xa", "muon", "cham", "hong")}
# An answer that comes too late can be heard on a serial line only; TCP has a new connection then.
SERIAL = ("muon",)
FAULT_S = 60
# What a station has if nobody says otherwise: a fault must not wait for it.
HEARTBEAT_S = 60
# A relay that read wrong in three ways flaps: over only after it was well for a minute, and a
# stray one is told of for 10 s.
OVER_S = 100
# board, how it is made bad and good again, its zone, who is named, in which words, whether the
# zone is heard all the same
BAD = [
    ("cabinet", "1 lie 2 on", "1 lie 2 off", "mot-b", "cabinet/2", "relay cabinet/2 ", False),
    ("xa", "1 silent on", "1 silent off", "mot-c", "xa", "board xa: no answer", False),
    ("muon", "1 slow 350", "1 slow 0", "mot-d", "muon", "board muon: answers too late", False),
    ("cham", "1 slow 120", "1 slow 0", "mot-e", "cham", "board cham: answers slowly", True),
    ("hong", "1 exception 4", "1 exception 0", "mot-g", "hong",
     "board hong: refused: the board reports its own fault", False),
]
N_ZONES = len(STATIONS["xa-mot"])


def faults_of(town):
    return town.status("xa-mot").get("heartbeat", {}).get("faults", [])


def words_of(town):
    """What a technician reads who asks for the state of all stations."""
    return town.technician.run("status", out=None).stdout


def each_is_told_of(town, tap):
    """One board after the other goes bad; nobody sounds, so only looking finds it."""
    for board, bad, _, zone, subject, words, _ in BAD:
        town.communes["xa-mot"].tell_board(bad, board)
        begun = time.monotonic()
        # A board that answers too late is silent until it is heard.
        with contextlib.suppress(rig.Failed):
            wait_until(lambda w=words: w in words_of(town), FAULT_S, f"a fault of {subject}")
        took = time.monotonic() - begun
        shown = words_of(town)
        tap.ok(words in shown and subject in [f["subject"] for f in faults_of(town)],
               f"'{bad}' of {zone} is told as '{words.strip()}' after {took:.1f} s", shown)
    tap.note([(f["code"], f["subject"]) for f in faults_of(town)])


def others_play_on(town, tap):
    """All five bad boards at once: whoever can be heard is, and the sound knows nothing of it."""
    slot = town.broadcast()
    town.wait_heard("xa-mot", slot, 1)
    rows = {r["zone"]: r for r in town.wait_verdicts(slot, N_ZONES)}
    tap.ok(rows["mot-a"]["state"] == "delivered", "the zone whose relays are well is delivered",
           rows["mot-a"])
    for _, bad, _, zone, _, _, is_heard in BAD:
        row = rows[zone]
        if is_heard:
            tap.ok(row["state"] == "delivered", f"'{bad}': {zone} is delivered, too", row)
            continue
        tap.ok(row["state"] != "delivered" and row["reason"] == "relay_failed" and
               bool(row.get("details")), f"'{bad}': {zone} is not, because relay_failed", row)
        tap.note(row.get("details"))
    tap.ok(town.is_whole("xa-mot", slot), "the sound was whole", town.stairs("xa-mot", slot))


def well_again(town, tap):
    for board, _, good, *_ in BAD:
        town.communes["xa-mot"].tell_board(good, board)
    wait_until(lambda: not faults_of(town), OVER_S, "the faults to end")
    tap.ok("answers" not in words_of(town), "the faults are over when the boards are well again",
           words_of(town))
    slot = town.broadcast()
    rows = town.wait_verdicts(slot, N_ZONES)
    tap.ok(all(r["state"] == "delivered" for r in rows), "and every zone is delivered", rows)


def gateway_test(town, zone, seconds=1):
    commune = town.communes["xa-mot"]
    return subprocess.run([town.district.programs.gateway, "--config", commune.gateway_config,
                           "--seconds", str(seconds), "test", zone], capture_output=True,
                          text=True, timeout=60, check=False)


def tests_at_district(town):
    rows = town.district.query("SELECT raw FROM records WHERE kind = 'test'")
    return [json.loads(row["raw"]) for row in rows]


def technicians_test(town, tap):
    """`loa-gateway test ZONE`: in a window, not while something sounds, and on record."""
    commune = town.communes["xa-mot"]
    n_before = len(commune.coils())
    done = gateway_test(town, "mot-a")
    tap.ok(done.returncode == 0, "a test in the window closes the relay",
           done.stdout + done.stderr)
    switched = [(relay, is_on) for relay, is_on, _ in commune.coils()[n_before:]]
    tap.ok({(1, True), (1, False)} <= set(switched) and all(r in (1, 8) for r, _ in switched),
           "this zone's relay and the amplifier's alone", switched)
    wait_until(lambda: len(tests_at_district(town)) == 1, 30, "the record of the test")
    tap.ok(tests_at_district(town)[0].get("zone") == "mot-a", "the district has the record",
           tests_at_district(town))
    slot = town.broadcast(stair=town.long_stair)
    town.wait_heard("xa-mot", slot, 1)
    done = gateway_test(town, "mot-a")
    tap.ok(done.returncode == 75 and bool(done.stderr), "refused while something sounds",
           f"{done.returncode} {done.stdout} {done.stderr}")
    tap.note(done.stderr)
    compare_coils(town, tap, commune)
    rows = town.wait_verdicts(slot, N_ZONES)
    tap.ok(all(r["state"] == "delivered" for r in rows), "which goes on undisturbed", rows)
    version = town.status("xa-mot")["issued_version"]
    hour = (int(rig.local(time.time())[1][:2]) + 12) % 24
    town.set_windows(f"mon-sun {hour:02}:00-{hour:02}:30", area="xa-mot")
    wait_until(lambda: town.status("xa-mot")["state"]["accepted_version"] > version, 30,
               "the new windows at the station")
    n_before = len(commune.coils())
    done = gateway_test(town, "mot-a")
    tap.ok(done.returncode == 75, "refused outside the windows",
           f"{done.returncode} {done.stdout} {done.stderr}")
    tap.note(done.stderr)
    tap.ok(len(commune.coils()) == n_before, "and no relay moved")
    town.set_windows("mon-sun 00:00-24:00", area="xa-mot")


def compare_coils(town, tap, commune):
    """An independent master reads what the station says of its zones."""
    zones = {z["zone"]: z["relay"] for z in town.status("xa-mot")["heartbeat"]["zones"]}
    wires = {zone: str(relay) if "/" in str(relay) else f"cabinet/{relay}"
             for zone, relay in STATIONS["xa-mot"]}
    read = {name: rig.coils_by_mbpoll(port) for name, port in commune.board_ports.items()}
    by_master = {zone: read[board][int(relay) - 1]
                 for zone, (board, relay) in ((z, w.split("/")) for z, w in wires.items())
                 if board in read}
    tap.ok(all(by_master[z] == 1 and zones[z] == "closed" for z in by_master),
           "mbpoll and the gateway agree about every zone", [by_master, zones])


if __name__ == "__main__":
    sys.exit(rig.run([technicians_test, each_is_told_of, others_play_on, well_again], STATIONS,
                     boards=BOARDS, serial=SERIAL, heartbeat_s=HEARTBEAT_S))
