#!/usr/bin/python3
"""test-fleet.py BUILD: the fleet measurements with three players, so that they do not rot.

The real scheduler and its broker, filled by bench-district; one click of the approver, seen by
all players; their heartbeats in the store; an alert, heard at a real player beside them. Prints
TAP.
"""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import fleet
import heard

N_PLAYERS = 3
PATIENCE_S = 30


def click_and_heartbeats(build):
    shape = {"stations": N_PLAYERS, "zones": 2, "slots": 1, "items": 1, "waiting": 1}
    with fleet.District(build, "127.0.0.1", **shape) as district, \
            fleet.Players(district, N_PLAYERS, "--no-audio", "--heartbeat=1",
                          f"--from={fleet.FIRST_ADDRESS}") as players:
        players.settle(PATIENCE_S, quiet_s=1)
        print("ok 1 - all players hold their plan")
        seconds = fleet.click(fleet.Api(district, "approver"), players, "khung-1", PATIENCE_S)
        print(f"{'ok' if len(seconds) == N_PLAYERS and min(seconds) > 0 else 'not ok'} 2 - "
              f"one click was applied by all, after {max(seconds):.2f} s")
        began_us = time.time_ns() // 1000
        players.wait("heartbeats", PATIENCE_S,
                     lambda: district.heartbeats_since(began_us) == N_PLAYERS)
        print("ok 3 - their heartbeats are in the store")


def alert(build):
    """Everything is there for every row; the bounds are for a machine that does nothing else."""
    found = heard.near(build, n_calls=2, n_simulated=2, n_real=1, quiet_s=1)
    good = len(found) == 6 and all(r["value"] is not None and r["value"] > 0 and r["samples"] >= 2
                                   for r in found if r["name"] != "heard-silent")
    print(f"{'ok' if good else 'not ok'} 4 - an alert was heard and stopped: "
          f"{ {r['name']: r['value'] for r in found} }")


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    print("1..4")
    click_and_heartbeats(build)
    alert(build)


main()
