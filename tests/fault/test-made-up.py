#!/usr/bin/python3
"""test-made-up.py BUILD: what a station missed sounds once more there, and nowhere else.

One station is off while two slots sound; the other plays them. The first slot says that it is
made up, the second is made up by click with a second person.
"""
import math
import sys
import time

import rig
from rig import wait_until

STATIONS = {"xa-mot": [("mot-a", 1)], "xa-hai": [("hai-a", 1)]}
DAY_END_MIN = 24 * 60
# Both slots are held, and one station is off, before the first begins.
LEAD_S = 30
BETWEEN_S = rig.STAIR_S + 6
# Verdict after three heartbeats, the next look, a minute's lead, and a busy machine.
MADE_UP_S = 240


def add_slot(town, at_s, *options):
    date, clock = rig.local(at_s)
    made = town.editor.loactl("slot", "add", f"Buổi {clock}", "--home", rig.AREA, "--playlist",
                              town.playlist, "--date", date, "--at", clock, "--to", rig.AREA,
                              *options)
    town.approver.loactl("slot", "approve", made["id"])
    return rig.Slot(made["id"], at_s)


def rows_of(town, slot, station):
    """(what was missed or heard at its time, what made up for it)"""
    rows = town.deliveries(slot, station)
    return ([r for r in rows if not r["makes_up_us"]], [r for r in rows if r["makes_up_us"]])


def sounds(town, station, from_s):
    return [s for s in town.communes[station].heard() if s["from_utc_us"] / 1e6 >= from_s]


def wait_made_up(town, slot, station):
    def is_delivered():
        made = rows_of(town, slot, station)[1]
        return bool(made) and all(r["state"] == "delivered" for r in made)
    wait_until(is_delivered, MADE_UP_S, f"{station} to hear what it missed")


def missed(town):
    """Both slots, held by both stations, while one of them is off."""
    commune = town.communes["xa-hai"]
    at_s = math.ceil(time.time()) + LEAD_S
    ruled = add_slot(town, at_s, "--make-up-min", str(DAY_END_MIN))
    clicked = add_slot(town, at_s + BETWEEN_S)
    for station in STATIONS:
        town.wait_applied(station, clicked)
    commune.player.stop()
    wait_until(lambda: time.time() > clicked.end_s + 1, LEAD_S + 2 * BETWEEN_S + 30,
               "both slots to be over")
    commune.start_player()
    return ruled, clicked


def made_up(town, tap):
    ruled, clicked = missed(town)
    back_s = time.time()
    wait_made_up(town, ruled, "xa-hai")
    (first,), (made,) = rows_of(town, ruled, "xa-hai")
    tap.ok(first["state"] == "missed" and first["made_up_us"] <= made["planned_start_us"],
           "by its slot's rule: it was missed, and is made up", [first, made])
    tap.ok(made["makes_up_us"] == first["planned_start_us"] and
           made["occurrence"] == first["occurrence"] and made["segment"] != first["segment"],
           "linked to what it makes up", [first, made])
    tap.ok(len([s for s in sounds(town, "xa-hai", back_s)
                if s["duration_us"] > 500_000]) == rig.STAIR_S, "every second of it was heard once",
           sounds(town, "xa-hai", back_s))
    tap.ok(not rows_of(town, clicked, "xa-hai")[1], "a slot without the rule is not made up")

    (first,), _ = rows_of(town, clicked, "xa-hai")
    words = ("make-up", "xa-hai", first["occurrence"], first["item"], "--date", first["date"])
    waits = town.editor.loactl(*words)["waits"]
    refused = town.editor.run("proposal", "approve", waits)
    tap.ok(refused.returncode != 0, "by click: who asked is no second person", refused.stderr)
    asked_s = time.time()
    town.approver.loactl("proposal", "approve", waits)
    wait_made_up(town, clicked, "xa-hai")
    tap.ok(len([s for s in sounds(town, "xa-hai", asked_s)
                if s["duration_us"] > 500_000]) == rig.STAIR_S, "it was heard after the approval",
           sounds(town, "xa-hai", asked_s))
    again = town.editor.run(*words)
    tap.ok(again.returncode != 0, "never twice", again.stdout)
    elsewhere = [rows_of(town, slot, "xa-mot") for slot in (ruled, clicked)]
    tap.ok(all(len(own) == 1 and own[0]["state"] == "delivered" and not more
               for own, more in elsewhere) and not sounds(town, "xa-mot", back_s),
           "who heard it at its time hears it no more", elsewhere)


if __name__ == "__main__":
    sys.exit(rig.run([made_up], STATIONS))
