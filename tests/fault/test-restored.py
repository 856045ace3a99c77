#!/usr/bin/python3
"""test-restored.py BUILD: the district's database is put back to what it was before.

Its manifests are then behind what every player has accepted: all must follow again, and nothing
that the restored district does not know may sound. It lacks records that it had acknowledged:
the players still have them and give them again.
"""
import sys
import time

import rig
from rig import wait_until

STATIONS = {"xa-mot": [("mot-a", 1), ("mot-b", 2)], "xa-hai": [("hai-a", 1)]}
N_ZONES = 3


def versions(town):
    return {s: town.status(s).get("issued_version", 0) for s in STATIONS}


def restore(town, saved):
    """What docs/operations.md tells to do: stop, put the file in its place, start."""
    district = town.district
    district.scheduler.stop()
    for ending in ("-wal", "-shm"):
        district._as("scheduler", "rm", "-f", f"{district.state}/district.db{ending}")
    district._as("scheduler", "cp", saved, district.state / "district.db")
    district.start()


def restored(town, tap):
    """Versions behind the players' floors, and a slot that was approved after the backup."""
    saved = town.district.state / "saved.db"
    old = versions(town)
    town.district._as("scheduler", town.district.programs.scheduler, "backup", "--config",
                      town.district.config, saved)
    heard = town.broadcast()
    town.wait_verdicts(heard, N_ZONES)
    for station in STATIONS:
        town.wait_settled(station)
    unknown = town.broadcast(lead_s=45)
    floors = versions(town)
    tap.ok(all(floors[s] > old[s] for s in STATIONS), "the players are ahead of the backup",
           [old, floors])
    restore(town, saved)
    wait_until(lambda: all(town.is_current(s) and versions(town)[s] > floors[s]
                           for s in STATIONS), 40, "all stations to follow again")
    tap.ok(time.time() < unknown.at_s, "all follow again before the unknown slot")
    told = town.district.query("SELECT object FROM audit WHERE action = 'manifest.overtake'")
    tap.ok({row["object"] for row in told} == set(STATIONS), "the audit says why", told)
    slot = town.broadcast(lead_s=int(max(12, unknown.end_s - time.time() + 8)))
    rows = town.wait_verdicts(slot, N_ZONES)
    tap.ok(all(r["state"] == "delivered" for r in rows), "what it approves now is delivered", rows)
    for station in STATIONS:
        town.wait_settled(station)
        tap.ok(town.is_chain_whole(station),
               f"{station} gave again what it had given since the backup", town.chain_of(station))
        tap.ok(not town.stairs(station, unknown), f"{station} never sounded what it does not know",
               town.stairs(station, unknown))


if __name__ == "__main__":
    sys.exit(rig.run([restored], STATIONS))
