#!/usr/bin/python3
"""test-restarts.py BUILD: broker, scheduler and player die in the middle of their work.

Nothing is lost, nothing comes twice, and what sounds goes on.
"""
import signal
import subprocess
import sys
import time

import rig
from rig import wait_until

STATIONS = {"xa-mot": [("mot-a", 1), ("mot-b", 2)], "xa-hai": [("hai-a", 1)]}
N_ZONES = 3


def broker_killed_in_push(town, tap):
    """SIGKILL to mosquitto while a slot is being approved: it comes back remembering nothing."""
    before = {s: town.status(s).get("issued_version", 0) for s in STATIONS}
    first = town.district.broker_pid()
    slot = town.approve_slot(lead_s=12)
    town.district.users.signal(first, signal.SIGKILL)
    second_slot = town.approve_slot(lead_s=50)
    wait_until(lambda: town.district.broker_pid() not in (0, first), 20, "another mosquitto")
    for station in STATIONS:
        town.wait_applied(station, second_slot, before[station] + 1)
    tap.ok(True, "both manifests of the time of the kill are in force everywhere")
    rows = town.wait_verdicts(slot, N_ZONES)
    tap.ok(all(r["state"] == "delivered" for r in rows), "the broadcast is delivered", rows)
    for station in STATIONS:
        town.wait_settled(station)
        tap.ok(town.is_whole(station, slot), f"{station} sounded once and whole",
               town.stairs(station, slot))
        tap.ok(town.is_chain_whole(station), f"each record of {station} came once",
               town.chain_of(station))
    played = [(r["zone"], r["segment"]) for r in town.records(slot)]
    tap.ok(len(played) == N_ZONES == len(set(played)), "one record a zone", played)
    town.editor.loactl("slot", "stop", second_slot.id)


def scheduler_killed(town, tap):
    """SIGKILL to the scheduler while players play; its broker goes with it."""
    slot = town.broadcast()
    town.wait_heard("xa-mot", slot, 2)
    broker = town.district.broker_pid()
    town.district.scheduler.kill()
    wait_until(lambda: not is_there(broker), 10, "the broker to end with its scheduler")
    for station in STATIONS:
        town.wait_heard(station, slot, rig.STAIR_S - 0.5)
    town.district.start()
    rows = town.wait_verdicts(slot, N_ZONES)
    tap.ok(all(r["state"] == "delivered" for r in rows),
           "what sounded without a district is delivered", rows)
    for station in STATIONS:
        town.wait_settled(station)
        tap.ok(town.is_whole(station, slot), f"{station} sounded once and whole",
               town.stairs(station, slot))
        tap.ok(town.is_chain_whole(station), f"each record of {station} came once",
               town.chain_of(station))
    played = [(r["zone"], r["segment"]) for r in town.records(slot)]
    tap.ok(len(played) == N_ZONES == len(set(played)), "one record a zone", played)


def is_there(pid):
    return subprocess.run(["ps", "-p", str(pid)], capture_output=True, check=False).returncode == 0


def player_alone(town, tap):
    """A player restarted while nobody answers plays today's plan on time from its cache."""
    slot = town.broadcast(lead_s=14)
    commune = town.communes["xa-hai"]
    town.district.scheduler.stop()
    commune.player.kill()
    commune.start_player()
    commune.player.wait_for("loa-player")
    town.wait_heard("xa-hai", slot, rig.STAIR_S - 0.5)
    sounds = town.stairs("xa-hai", slot)
    tap.ok(abs(sounds[0]["from_s"]) < 0.05, "on time, from its own cache", sounds)
    tap.ok(town.is_whole("xa-hai", slot), "whole", sounds)
    town.district.start()
    rows = town.wait_verdicts(slot, N_ZONES)
    tap.ok(all(r["state"] == "delivered" for r in rows), "delivered after the return", rows)
    town.wait_settled("xa-hai")
    tap.ok(town.is_chain_whole("xa-hai"), "each record came once", town.chain_of("xa-hai"))
    tap.ok(len(town.records(slot, station="xa-hai")) == 1, "one record of the segment",
           town.records(slot, station="xa-hai"))


def player_killed(town, tap):
    """SIGKILL in mid-segment: silence and open relays at once, then the rest at its place."""
    slot = town.broadcast()
    commune = town.communes["xa-mot"]
    town.wait_heard("xa-mot", slot, 2.5)
    tap.ok(rig.coils_by_mbpoll(commune.board_port) == [1, 1, 0, 0, 0, 0, 0, 1],
           "mbpoll reads both zones and the amplifier closed",
           rig.coils_by_mbpoll(commune.board_port))
    commune.player.kill()
    killed = time.monotonic()
    wait_until(lambda: rig.coils_by_mbpoll(commune.board_port) == [0] * 8, 10, "open relays")
    opened = time.monotonic() - killed
    tap.ok(opened <= 1, f"mbpoll reads every relay open {opened:.2f} s after the kill")
    last = max(at_us for relay, is_on, at_us in commune.coils() if not is_on) / 1e6 - killed
    tap.ok(last <= 1, f"the board itself opened them after {last:.2f} s")
    commune.start_player()
    rows = town.wait_verdicts(slot, 2, "xa-mot")
    sounds = town.stairs("xa-mot", slot)
    tap.ok(not town.misplaced("xa-mot", slot), "every sound stands at its second", sounds)
    again_s = next(s["from_s"] for a, s in zip(sounds, sounds[1:]) if s["from_s"] > a["to_s"] + 0.1)
    gone_s = max(s["to_s"] for s in sounds if s["to_s"] < again_s)
    tap.ok(0 < again_s - gone_s <= 5, f"killed at {gone_s:.1f} s, sound again at {again_s:.1f} s",
           sounds)
    tap.ok(sounds[0]["from_s"] < 0.05 and sounds[-1]["to_s"] > rig.STAIR_S - 0.1,
           "the beginning and the end were heard", sounds)
    tap.ok(all(r["state"] == "partial" and r["reason"] == "interrupted" for r in rows),
           "partial, because interrupted", rows)
    tap.ok(all(abs(r["heard_us"] / 1e6 - (rig.STAIR_S - again_s)) < 0.5 for r in rows),
           "the part with evidence is counted", rows)
    tap.ok(all("begun at" in r.get("detail", "") for r in rows),
           "and the part before it is told of", rows)
    town.wait_settled("xa-mot")
    records = town.records(slot, station="xa-mot")
    tap.ok(len(records) == 2 and
           all(abs(r["position_us"] / 1e6 - again_s) < 0.2 for r in records),
           "the records say at which place it joined", records)
    tap.ok(town.is_chain_whole("xa-mot"), "each record came once", town.chain_of("xa-mot"))


if __name__ == "__main__":
    sys.exit(rig.run([broker_killed_in_push, scheduler_killed, player_alone, player_killed],
                     STATIONS))
