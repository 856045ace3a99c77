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
# What is known of a segment is written once a second, and later where the machine is busy.
DRAFT_S = 5


def broker_killed_in_push(town, tap):
    """SIGKILL to mosquitto while a slot is being approved: it comes back remembering nothing."""
    before = {s: town.status(s).get("issued_version", 0) for s in STATIONS}
    first = town.district.broker_pid()
    slot = town.approve_slot(lead_s=20)
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


def told(town, tap):
    """What a person on call reads of all this in the journal, at its default level."""
    commune = town.communes["xa-hai"]
    scheduler = town.district.scheduler.text()
    for words, text in [
            ("station-admitted xa-hai: enrolled, with certificate ", scheduler),
            ("; brokers: 1, connected: 1", scheduler),
            (" plays what it keeps; outputs: 1", commune.player.text()),
            ("all-off: boards told to open all relays: 1, all read open", commune.gateway.text())]:
        tap.ok(words in text, f"told: {words}", text[-3000:])
    played = commune.player.text().count("segment-played ")
    expected = len(town.district.query("SELECT seq FROM records WHERE kind = 'played' "
                                       "AND station = 'xa-hai'"))
    tap.ok(played == expected > 0, "one line a segment and zone", f"{played}, {expected}")
    for words in ("zone-ready", "zone-open"):
        tap.ok(words not in commune.gateway.text(), f"not told: {words}", commune.gateway.text())


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
    slot = town.broadcast(stair=town.long_stair)
    commune = town.communes["xa-mot"]
    town.wait_heard("xa-mot", slot, 2.5)
    tap.ok(rig.coils_by_mbpoll(commune.board_port) == [1, 1, 0, 0, 0, 0, 0, 1],
           "mbpoll reads both zones and the amplifier closed",
           rig.coils_by_mbpoll(commune.board_port))
    commune.player.kill()
    killed = time.monotonic()
    wait_until(lambda: rig.coils_by_mbpoll(commune.board_port) == [0] * 8, 10, "open relays")
    # How soon, the board itself says best: each look of mbpoll is a program that is started.
    tap.note(f"mbpoll reads every relay open {time.monotonic() - killed:.2f} s after the kill")
    last = max(at_us for relay, is_on, at_us in commune.coils() if not is_on) / 1e6 - killed
    tap.ok(last <= 5, f"the board itself opened them after {last:.2f} s")
    commune.start_player()
    rows = town.wait_verdicts(slot, 2, "xa-mot")
    sounds = town.stairs("xa-mot", slot)
    tap.ok(not town.misplaced("xa-mot", slot), "every sound stands at its second", sounds)
    again_s = next(s["from_s"] for a, s in zip(sounds, sounds[1:]) if s["from_s"] > a["to_s"] + 0.1)
    gone_s = max(s["to_s"] for s in sounds if s["to_s"] < again_s)
    tap.ok(0 < again_s - gone_s <= 10, f"killed at {gone_s:.1f} s, sound again at {again_s:.1f} s",
           sounds)
    tap.ok(sounds[0]["from_s"] < 0.05 and sounds[-1]["to_s"] > slot.seconds - 0.1,
           "the beginning and the end were heard", sounds)
    tap.ok(all(r["state"] == "partial" and r["reason"] == "player_stopped" for r in rows),
           "partial, because the player was stopped", rows)
    tap.ok(all(-DRAFT_S < r["heard_us"] / 1e6 - (gone_s + slot.seconds - again_s) < 0.5
               for r in rows),
           "both parts are counted", rows)
    town.wait_settled("xa-mot")
    check_parts(tap, town.records(slot, station="xa-mot"), gone_s, again_s, slot.seconds)
    written = town.records(slot, kind="part", station="xa-mot")
    tap.ok(len(written) == 2 and all(len(r["parts"]) == 1 for r in written),
           "the first part is a record of its own, too", written)
    tap.ok(town.is_chain_whole("xa-mot"), "each record came once", town.chain_of("xa-mot"))


def check_parts(tap, records, gone_s, again_s, end_s):
    """The final records show both parts: @gone_s, @again_s: heard until and from, in the slot."""
    tap.ok(len(records) == 2 and all(len(r["parts"]) == 2 for r in records),
           "the final records show both parts", records)
    for record in records:
        def at(us, start_us=record["planned_start_us"]):
            return (us - start_us) / 1e6
        first, second = record["parts"]
        tap.ok(abs(at(first["from_us"])) < 0.2 and first.get("at_least") and
               gone_s - DRAFT_S < at(first["to_us"]) < gone_s + 0.3,
               "the first up to where it was known at least", record)
        tap.ok(abs(at(second["from_us"]) - again_s) < 0.3 and not second.get("at_least") and
               abs(second["position_us"] / 1e6 - again_s) < 0.3 and
               abs(at(second["to_us"]) - end_s) < 0.2,
               "the second from its place to the end", record)
        tap.ok(all(p["relay"] == "closed" and p["relay_read_us"] > 0 and p["level_mdb"] > -40000
                   for p in record["parts"]), "each with relay and level", record)


def player_stopped(town, tap):
    """SIGTERM in mid-segment: what was heard is told before the end, and the rest follows."""
    slot = town.broadcast(stair=town.long_stair)
    commune = town.communes["xa-mot"]
    town.wait_heard("xa-mot", slot, 2.5)
    commune.player.stop()
    wait_until(lambda: rig.coils_by_mbpoll(commune.board_port) == [0] * 8, 10, "open relays")
    commune.start_player()
    rows = town.wait_verdicts(slot, 2, "xa-mot")
    # Whatever is missing less than a second of is whole: a player may be back that soon.
    tap.ok(all(r["state"] == "delivered" if r["heard_us"] >= 1e6 * (slot.seconds - 1)
               else r["state"] == "partial" and r["reason"] == "player_stopped" for r in rows),
           "partial because the player was stopped, or back within the second", rows)
    town.wait_settled("xa-mot")
    written = town.records(slot, kind="part", station="xa-mot")
    tap.ok(len(written) == 2 and not any("parts" in r for r in written) and
           all(r["reason"] == "player_stopped" and r["relay"] == "closed" for r in written),
           "the part of each zone was written by the player that stopped", written)
    finals = town.records(slot, station="xa-mot")
    tap.ok(len(finals) == 2 and all(len(r["parts"]) == 2 and
                                    not any(p.get("at_least") for p in r["parts"])
                                    for r in finals),
           "the final records show both parts with their ends", finals)
    tap.ok(not town.misplaced("xa-mot", slot), "every sound stands at its second",
           town.stairs("xa-mot", slot))
    tap.ok(town.is_chain_whole("xa-mot"), "each record came once", town.chain_of("xa-mot"))


if __name__ == "__main__":
    sys.exit(rig.run([broker_killed_in_push, told, scheduler_killed, player_alone, player_killed,
                      player_stopped],
                     STATIONS))
