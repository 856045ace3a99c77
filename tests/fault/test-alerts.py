#!/usr/bin/python3
"""test-alerts.py BUILD: from a hand to the loudspeakers, with real daemons: recorded, checked,
placed, called, heard, stopped; and what becomes of an alert whose district is killed.
"""
import time

import rig
from phrases import write_tone
from rig import wait_until

STATIONS = {"xa-mot": [("mot-a", 1), ("mot-b", 2)], "xa-hai": [("hai-a", 1)]}
# All that the correction says, and what a drill says of itself.
PHRASES = ("cb-nham-1", "cb-dien-tap")
TEMPLATE = "bao-nham"


def record_phrases(town, tap):
    """By three people, as any announcement; then every station holds them and nothing is missing."""
    editor = town.editor
    audio = town.folder / "phrase.wav"
    write_tone(audio, 800, 1)
    editor.loactl("alert", "standard", rig.AREA)
    for one in editor.loactl("alert", "phrases")["phrases"]:
        if one["phrase"] not in PHRASES:
            continue
        editor.loactl("version", "record", one["version"], audio, "--no-state-secret")
        town.reviewer.loactl("version", "check", one["version"], "--no-state-secret")
        town.approver.approve(one["version"])
    spoken = {one["id"]: one["languages"] for one in editor.loactl("alert", "templates")["templates"]}
    tap.ok(spoken[TEMPLATE] == ["vi"] and spoken["lu"] == [], "a template speaks when all of it is approved",
           spoken)

    def is_placed(station):
        now = town.status(station)
        beat = now.get("heartbeat", {})
        return (town.is_current(station) and beat.get("manifest_version") == now["issued_version"] and
                beat.get("missing_objects") == 0)
    for station in STATIONS:
        wait_until(lambda s=station: is_placed(s), 60, f"{station} to hold what it says in alerts")
    ready = town.technician.loactl("alert", "ready")["stations"]
    tap.ok(len(ready) == 2 and all(one["reads_them"] and not one["ready"] and one["missing"]
                                   for one in ready),
           "its players know alerts; what nobody recorded yet is named", ready)


def state(town, alert):
    return town.operator.loactl("alert", "state", alert)


def states(town, alert):
    return {zone["zone"]: zone["state"] for zone in state(town, alert)["zones"]}


def is_on(town, station):
    return any(rig.coils_by_mbpoll(town.communes[station].board_port))


def coils_are(town, closed):
    return all(is_on(town, station) == closed for station in STATIONS)


def called_and_heard(town, tap):
    """Every zone says how far it is, from the call to the end; the relays follow."""
    town.operator = town.district.account("truc-ban", "Trực ban", f"operator@{rig.AREA}")
    begun = time.monotonic()
    alert = town.operator.loactl("alert", "call", TEMPLATE, "--area", rig.AREA)["id"]
    wait_until(lambda: all(s == "sounding" for s in states(town, alert).values()), 30,
               "every zone to sound")
    tap.note(f"called, and every zone seen to sound after {time.monotonic() - begun:.2f} s")
    tap.ok(coils_are(town, True), "the relays are on while it sounds")
    told = town.approver.loactl("alert", "notes")["alerts"]
    tap.ok([one["id"] for one in told] == [alert], "the approver is told that one person called it")
    town.approver.loactl("alert", "seen", alert)
    begun = time.monotonic()
    town.operator.loactl("alert", "stop", alert)
    wait_until(lambda: coils_are(town, False), 10, "the relays to open")
    tap.note(f"stopped, and every relay open after {time.monotonic() - begun:.2f} s")
    wait_until(lambda: all(s == "stopped" for s in states(town, alert).values()), 30,
               "every zone to say that it stopped")
    tap.ok(True, "stopped everywhere, and every zone says so")


def to_its_end(town, tap):
    """One commune alone, a drill; the other is not touched."""
    alert = town.operator.loactl("alert", "drill", TEMPLATE, "--area", "xa-hai")["id"]
    wait_until(lambda: states(town, alert) == {"hai-a": "sounding"}, 30, "the drill to sound")
    tap.ok(not is_on(town, "xa-mot"), "the other commune hears nothing of it")
    wait_until(lambda: states(town, alert) == {"hai-a": "done"}, 180, "the drill to end")
    tap.ok(True, "heard to its end")


def killed_district(town, tap):
    """Right after the call; what it had said yes to sounds, and is known at the next start."""
    alert = town.operator.loactl("alert", "call", TEMPLATE, "--area", "xa-mot")["id"]
    town.district.scheduler.kill()
    town.district.start()
    wait_until(lambda: set(states(town, alert).values()) <= {"sounding", "done"}, 60,
               "the alert of before the kill to sound")
    tap.ok(True, "an alert that was called sounds, whoever died")
    town.operator.loactl("alert", "stop", alert)
    wait_until(lambda: set(states(town, alert).values()) == {"stopped"}, 30, "it to stop")


if __name__ == "__main__":
    rig.run([record_phrases, called_and_heard, to_its_end, killed_district], STATIONS)
