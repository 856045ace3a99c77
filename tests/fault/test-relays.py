#!/usr/bin/python3
"""test-relays.py BUILD: relay boards that lie or are silent, and a technician who tests them.

One zone fails; the others play on, and the district hears why in words.
"""
import json
import subprocess
import sys
import time

import rig
from rig import wait_until

STATIONS = {"xa-mot": [("mot-a", 1), ("mot-b", 2), ("mot-c", "xa/3")]}
BOARDS = {"xa-mot": ("cabinet", "xa")}
FAULT_S = 60
# A relay that read wrong in three ways flaps: over only after it was well for a minute, and a
# stray one is told of for 10 s.
OVER_S = 100


def faults_of(town):
    return town.status("xa-mot").get("heartbeat", {}).get("faults", [])


def wait_fault(town, subject, codes, since):
    """Seconds after @since until the district says one of @codes about @subject."""
    wait_until(lambda: any(f["subject"] == subject and f["code"] in codes
                           for f in faults_of(town)), FAULT_S,
               f"one of {codes} of {subject} at the district")
    return time.monotonic() - since


def judge_one_bad_zone(town, tap, slot, bad):
    rows = town.wait_verdicts(slot, 3)
    good = [r for r in rows if r["zone"] != bad]
    worst = [r for r in rows if r["zone"] == bad]
    tap.ok(len(good) == 2 and all(r["state"] == "delivered" for r in good),
           "the other zones are delivered", rows)
    tap.ok(len(worst) == 1 and worst[0]["state"] != "delivered" and
           worst[0]["reason"] == "relay_failed" and bool(worst[0].get("details")),
           f"{bad} is not, because relay_failed, and says what", worst)
    tap.note(worst[0].get("details") if worst else "")
    tap.ok(town.is_whole("xa-mot", slot), "the sound was whole", town.stairs("xa-mot", slot))


def zone_lies(town, tap):
    """A relay that reads the other way round."""
    town.communes["xa-mot"].tell_board("1 lie 2 on")
    begun = time.monotonic()
    slot = town.broadcast()
    town.wait_heard("xa-mot", slot, 1)
    words = "relay cabinet/2"
    took = wait_fault(town, "cabinet/2", ("relay_reads_open", "relay_reads_closed", "stray_relay"), begun)
    shown = town.technician.run("status", out=None).stdout
    tap.ok(words in shown, f"loactl status says so in words after {took:.1f} s", shown)
    tap.note([(f["code"], f["subject"]) for f in faults_of(town)])
    judge_one_bad_zone(town, tap, slot, "mot-b")
    town.communes["xa-mot"].tell_board("1 lie 2 off")
    wait_until(lambda: not faults_of(town), OVER_S, "the faults to end")
    tap.ok(True, "the fault is over when the relay reads right again")


def board_silent(town, tap):
    """A board that does not answer: known before the broadcast, and over after it."""
    town.communes["xa-mot"].tell_board("1 silent on", "xa")
    begun = time.monotonic()
    took = wait_fault(town, "xa", ("board_silent",), begun)
    tap.ok(took <= FAULT_S, f"a silent board is in loactl status after {took:.1f} s")
    slot = town.broadcast()
    town.wait_heard("xa-mot", slot, 1)
    judge_one_bad_zone(town, tap, slot, "mot-c")
    town.communes["xa-mot"].tell_board("1 silent off", "xa")
    wait_until(lambda: not faults_of(town), OVER_S, "the faults to end")
    tap.ok(True, "the fault is over when the board answers again")


def gateway_test(town, zone, seconds=1):
    commune = town.communes["xa-mot"]
    return subprocess.run([town.district.programs.gateway, "--config", commune.gateway_config,
                           "--seconds", str(seconds), "test", zone], capture_output=True,
                          text=True, timeout=40, check=False)


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
    slot = town.broadcast()
    town.wait_heard("xa-mot", slot, 1)
    done = gateway_test(town, "mot-a")
    tap.ok(done.returncode == 75 and bool(done.stderr), "refused while something sounds",
           f"{done.returncode} {done.stdout} {done.stderr}")
    tap.note(done.stderr)
    compare_coils(town, tap, commune)
    rows = town.wait_verdicts(slot, 3)
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
    read = {name: rig.coils_by_mbpoll(commune.board_ports[name]) for name in commune.boards}
    by_master = {"mot-a": read["cabinet"][0], "mot-b": read["cabinet"][1],
                 "mot-c": read["xa"][2]}
    tap.ok(all(by_master[z] == 1 and zones[z] == "closed" for z in by_master),
           "mbpoll and the gateway agree about every zone", [by_master, zones])


if __name__ == "__main__":
    sys.exit(rig.run([technicians_test, zone_lies, board_silent], STATIONS, boards=BOARDS))
