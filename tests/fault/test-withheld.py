#!/usr/bin/python3
"""test-withheld.py BUILD: what must not be heard, or no more: withdrawn words and spoilt files."""
import json
import sys
import time

import rig
from rig import wait_until

STATIONS = {"xa-mot": [("mot-a", 1), ("mot-b", 2)]}
N_ZONES = 2
# A player opens and hashes a file four seconds before it sounds, and plays what it has opened.
OPENED_S = 4.5


def local_minutes(minutes):
    """So many minutes from now, as loactl reads a time."""
    return " ".join(rig.local(time.time() + 60 * minutes))[:16]


def withdrawn(town, tap, order, what):
    """How quickly is measured by ./dev bench; here, that it is long before the end."""
    slot = town.broadcast(stair=town.long_stair)
    commune = town.communes["xa-mot"]
    town.wait_heard("xa-mot", slot, 2)
    order(slot)
    told_utc, told = time.time(), time.monotonic()
    wait_until(lambda: not town.is_sounding("xa-mot"), 15, "silence")
    rows = town.wait_verdicts(slot, N_ZONES, seconds=40)
    ended = max(s["to_s"] for s in town.stairs("xa-mot", slot, 0)) - (told_utc - slot.at_s)
    tap.ok(ended <= 5, f"{what}: silence {ended:.2f} s after the order was taken",
           town.stairs("xa-mot", slot))
    opened = max(at_us for _, is_on, at_us in commune.coils() if not is_on) / 1e6 - told
    tap.ok(opened <= 8, f"{what}: relays open after {opened:.2f} s")
    tap.ok(all(r["reason"] == "withdrawn" for r in rows) and
           all(r["state"] == "partial" for r in rows), f"{what}: the delivery says withdrawn",
           rows)
    tap.ok(not town.misplaced("xa-mot", slot), f"{what}: what was heard was in its place",
           town.stairs("xa-mot", slot))


def slot_stopped(town, tap):
    withdrawn(town, tap, lambda slot: town.editor.loactl("slot", "stop", slot.id),
              "slot stop")


def announcement_withdrawn(town, tap):
    withdrawn(town, tap, lambda slot: town.approver.loactl("announcement", "withdraw",
                                                           town.long_stair.announcement),
              "announcement withdraw")


def quiet_asked(town, tap):
    """One of two villages is hushed in mid-sound; the other hears the rest, and both the next."""
    slot = town.broadcast(stair=town.long_stair)
    commune = town.communes["xa-mot"]
    town.wait_heard("xa-mot", slot, 2)
    relays = dict(STATIONS["xa-mot"])
    told, left_s = time.monotonic(), slot.end_s - time.time()
    asked = town.approver.loactl("quiet", "add", "xa-mot/mot-a", local_minutes(90), "funeral",
                                 "--words", "nhà ông Ama Thin")
    rows = {r["zone"]: r for r in town.wait_verdicts(slot, N_ZONES, seconds=40)}

    def opened_s(zone):
        return [at_us / 1e6 - told for n, is_on, at_us in commune.coils()
                if n == relays[zone] and not is_on and at_us / 1e6 > told]
    wait_until(lambda: opened_s("mot-b"), 30, "the other relay to open at the end")
    hushed, other = rows["mot-a"], rows["mot-b"]
    tap.ok(0 <= max(opened_s("mot-a"), default=-1) <= left_s - 3,
           "its relay opens long before the end", [opened_s("mot-a"), left_s])
    tap.ok(min(opened_s("mot-b")) >= left_s - 0.5, "the other one stays closed to the end",
           [opened_s("mot-b"), left_s])
    tap.ok(hushed["state"] == "partial" and hushed["reason"] == "quiet_request",
           "the delivery says that silence was asked for", hushed)
    tap.ok([(d["code"], d.get("words")) for d in hushed["details"]][-1] ==
           ("quiet_funeral", "nhà ông Ama Thin"), "why, and in whose words", hushed["details"])
    tap.ok(other["state"] == "delivered" and town.is_whole("xa-mot", slot),
           "the other village heard all of it", [other, town.stairs("xa-mot", slot)])

    slot = town.broadcast()
    rows = {r["zone"]: r for r in town.wait_verdicts(slot, N_ZONES, seconds=40)}
    tap.ok(rows["mot-a"]["state"] == "quiet" and rows["mot-b"]["state"] == "delivered",
           "the next item sounds in the other village alone", rows)
    town.approver.loactl("quiet", "end", asked["id"])
    slot = town.broadcast()
    rows = town.wait_verdicts(slot, N_ZONES, seconds=40)
    tap.ok(all(r["state"] == "delivered" for r in rows),
           "after its end, which nobody else had to approve, both hear", rows)


def spoil_object(town, name):
    """Two bytes of the file turn on the player's disk."""
    spoil = ('chmod u+w "$0"; '
             'printf "\\377\\376" | dd of="$0" bs=1 seek=9000 conv=notrunc status=none')
    objects = town.communes["xa-mot"].folder / "player/state/objects"
    town.district._as("xa-mot-player", "sh", "-ec", spoil, objects / name[:2] / name)


def broadcast_early(town, left_s):
    """A slot that its station holds @left_s or more before it begins, however slow the machine."""
    lead_s = 2 * left_s
    slot = town.broadcast(lead_s=lead_s)
    while slot.at_s - time.time() < left_s and lead_s < 100:
        lead_s *= 2
        slot = town.broadcast(lead_s=lead_s)
    return slot


def broadcast_spoilt(town, left_s, stops):
    """A slot whose file turned bad before its station looked at it; @stops: once the district
    was gone. Returns: the slot, the name of the file"""
    while True:
        slot = broadcast_early(town, left_s)
        name = town.deliveries(slot)[0]["object"]
        if stops:
            town.district.scheduler.stop()
        spoil_object(town, name)
        if slot.at_s - time.time() >= OPENED_S or left_s > 60:
            return slot, name
        wait_until(lambda: time.time() > slot.end_s + 1, 60, "what was spoilt too late to be over")
        if stops:
            town.district.start()
        left_s *= 2


def object_spoilt(town, tap):
    """The file is bad before it sounds, first with the district there, then without."""
    slot, name = broadcast_spoilt(town, 6, False)
    rows = town.wait_verdicts(slot, N_ZONES)
    tap.ok(all(r["state"] == "delivered" for r in rows),
           "with the district there it is fetched again in time", rows)
    tap.ok(town.is_whole("xa-mot", slot), "and nothing of the spoilt file was heard",
           town.stairs("xa-mot", slot))
    town.wait_settled("xa-mot")
    told = [json.loads(row["raw"]) for row in town.district.query(
        "SELECT raw FROM records WHERE station = 'xa-mot' AND kind IN ('refused', 'fault')")]
    named = [r for r in told if name[:16] in json.dumps(r)]
    tap.ok(bool(named), "the district sees which and why", [name, told])
    tap.note([r.get("details") for r in named])
    slot, _ = broadcast_spoilt(town, 8, True)
    time_left_s = slot.end_s + 1 - time.time()
    wait_until(lambda: time.time() > slot.end_s + 1, time_left_s + 5, "the slot to be over")
    tap.ok(not town.stairs("xa-mot", slot, 0), "without the district nothing of it was heard",
           town.stairs("xa-mot", slot, 0))
    town.district.start()
    rows = town.wait_verdicts(slot, N_ZONES)
    tap.ok(all(r["state"] == "missed" and r["reason"] in ("object_corrupt", "object_missing")
               for r in rows), "missed, because of the file", rows)
    tap.note([r.get("details") for r in rows[:1]])
    tap.ok(not any("level_mdb" in r for r in rows), "no level is told where nothing was sent",
           rows)
    slot = town.broadcast()
    rows = town.wait_verdicts(slot, N_ZONES)
    tap.ok(all(r["state"] == "delivered" for r in rows), "fetched again, the next is delivered",
           rows)


STATES = ("delivered", "partial", "missed", "waiting", "no_contact", "quiet")


def figures_agree(town, tap):
    """The sums that are kept as records come are those of the verdicts, all of today's."""
    date = rig.local(time.time())[0]

    def by_verdicts():
        rows = town.editor.loactl("delivery", "--date", date)["deliveries"]
        return {state: sum(r["state"] == state for r in rows) for state in STATES}

    def by_figures():
        answer = town.editor.loactl("figures", rig.AREA, "--month", date[:7], "--by", "village")
        return {state: sum(r[f"n_{state}"] for r in answer["figures"]) for state in STATES}
    wait_until(lambda: by_figures() == by_verdicts(), 90, "the figures of the month")
    tap.ok(sum(by_figures().values()) > 0, "the month's figures are the sums of its verdicts",
           by_figures())


if __name__ == "__main__":
    sys.exit(rig.run([slot_stopped, quiet_asked, object_spoilt, announcement_withdrawn,
                      figures_agree], STATIONS))
