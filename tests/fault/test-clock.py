#!/usr/bin/python3
"""test-clock.py BUILD: a machine without a clock of its own: it is 1970 when its player starts.

Nothing sounds by the calendar until somebody vouches for the time; the line comes up although
every certificate seems to lie in the future; then the programme goes on where it is.
"""
import json
import sys
import time

import rig
from rig import wait_until

STATION = "xa-mot"
STATIONS = {STATION: [("mot-a", 1), ("mot-b", 2)]}
N_ZONES = 2
# 300 s after the beginning of 1970, as a machine has it that only counts from its start.
BEGINS_S = 300


def in_1970(town):
    """A sanitizer wants to come first in a process, and lets itself be told otherwise."""
    return {"ASAN_OPTIONS": "verify_asan_link_order=0",
            "LD_PRELOAD": str(town.district.programs.build / "tests/support/loa-wall-clock.so"),
            "LOA_WALL_CLOCK": str(BEGINS_S)}


def cut_power(town):
    """What the player knew of its clock is of another boot of the machine."""
    path = town.communes[STATION].folder / "player/state/clock-floor"
    words = town.district._as(f"{STATION}-player", "cat", path).split()
    words[1] = "0" * len(words[1])
    town.district._as(f"{STATION}-player", "sh", "-c", 'printf "%s\\n" "$0" >"$1"',
                      " ".join(words), path)


def no_time_no_sound(town, tap):
    """Nobody answers: the slot that is due passes in silence, for nobody knows that it is due."""
    commune = town.communes[STATION]
    town.slot = town.broadcast(lead_s=14)
    commune.player.stop()
    town.district.scheduler.stop()
    cut_power(town)
    before = len(commune.coils())
    commune.start_player(in_1970(town))
    commune.player.wait_for("the gateway answers")
    wait_until(lambda: time.time() > town.slot.end_s + 1, 60, "the slot to be over")
    tap.ok(len(commune.coils()) == before, "no relay moved", commune.coils()[before:])


def time_from_the_district(town, tap):
    """The line comes up by a certificate that is valid from 2026 on, and brings the time."""
    town.district.start()
    wait_until(lambda: town.status(STATION).get("heartbeat", {}).get("trust") == "synced", 60,
               "the station to trust its clock")
    town.wait_settled(STATION)
    rows = town.district.query("SELECT kind, raw FROM records WHERE kind IN ('boot', 'clock') AND "
                               f"station = '{STATION}' ORDER BY seq")
    boots = [json.loads(r["raw"]) for r in rows if r["kind"] == "boot"]
    told = [json.loads(r["raw"]) for r in rows if r["kind"] == "clock"]
    tap.ok(boots[-1]["trust"] != "synced", "it began without trust", boots)
    tap.ok(told[-1]["trust"] == "synced" and
           [d["code"] for d in told[-1].get("details", [])] == ["clock_signed"],
           "the district's signed answer set it right", told)
    rows = town.wait_verdicts(town.slot, N_ZONES)
    tap.ok(all(r["state"] == "missed" for r in rows), "what had passed is missed", rows)
    tap.note([r.get("reason") for r in rows])
    slot = town.broadcast(lead_s=14)
    rows = town.wait_verdicts(slot, N_ZONES)
    tap.ok(all(r["state"] == "delivered" for r in rows), "the next broadcast is delivered", rows)
    played = town.records(slot)
    tap.ok(played and all(abs(r["actual_start_us"] / 1e6 - slot.at_s) < 0.5 for r in played),
           "at its time", played)


if __name__ == "__main__":
    sys.exit(rig.run([no_time_no_sound, time_from_the_district], STATIONS))
