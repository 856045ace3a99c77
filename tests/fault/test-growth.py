#!/usr/bin/python3
"""test-growth.py BUILD: thousands of manifests, heartbeats and calls leave nothing in memory.

A station's settings are changed over and over: each change is a call of the API, a round of the
publisher, a signed manifest, a document fetched by the player, a report and a heartbeat. After a
time in which caches fill, what the scheduler and the player hold must stay where it is.
"""
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import rig
from api import Api
from rig import wait_until

STATION = "xa-mot"
STATIONS = {STATION: [("lang-a", 1)]}
# A change makes the station say two things, and the district hears ten a second of one station
# for ever; more is dropped, and asked for later.
PACE_S = 0.22
# What fills up with changes has a bound of its own: SQLite's page caches, of the scheduler's
# writer (16 MiB) and one of its readers (8 MiB), and of the player's documents (2 MiB), which it
# keeps until its hourly tidying. Calls that change nothing fill nothing.
CHANGES = {"warm": 300, "times": 1500, "most_kb": {"scheduler": 24576, "player": 2048}}
CALLS = {"warm": 2000, "times": 20000, "most_kb": {"scheduler": 512, "player": 512}}


def status_of(api):
    return next(s for s in api.call("GET", "/api/status")["stations"]
                if s["station"] == STATION)


def held_kb(pid):
    """Anonymous memory in RAM: what the program itself holds, without its files."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in text.splitlines()
                if line.startswith("RssAnon"))


def change(api, n):
    """One change of the settings; waits until the station has obeyed the manifest with it."""
    before = status_of(api).get("issued_version", 0)
    api.call("PUT", f"/api/stations/{STATION}",
             {"name": f"Đài {n}", "area": STATION, "heartbeat_s": 5 + n % 2})

    def is_obeyed():
        now = status_of(api)
        return now["issued_version"] > before and \
            now.get("state", {}).get("accepted_version") == now["issued_version"]
    try:
        wait_until(is_obeyed, 30, f"the station to obey change {n}")
    except rig.Failed as failure:
        raise rig.Failed(f"{failure}: {before} {json.dumps(status_of(api))}") from failure


def watch(town, tap, what, plan, do):
    """Does it @plan["warm"] times, then @plan["times"]; compares what the daemons hold."""
    pids = {"scheduler": town.district.scheduler.pid, "player": town.communes[STATION].player.pid}
    first = {}
    for n in range(plan["warm"] + plan["times"] + 1):
        if n == plan["warm"]:
            first = {name: held_kb(pid) for name, pid in pids.items()}
        do(n)
        if n % (plan["times"] // 5) == 0:
            tap.note(f"{n} {what}: " + ", ".join(f"{name} {held_kb(pid)} kB"
                                                 for name, pid in pids.items()))
    for name, pid in pids.items():
        growth_kb = held_kb(pid) - first[name]
        tap.ok(growth_kb <= plan["most_kb"][name],
               f"{plan['times']} {what} make the {name} hold {growth_kb:+d} kB")


def calls(town, tap):
    api = Api(town.technician)
    paths = [f"/api/stations/{STATION}", "/api/status", "/api/areas", "/api/stations"]
    watch(town, tap, "calls", CALLS, lambda n: api.call("GET", paths[n % len(paths)]))


def changes(town, tap):
    api = Api(town.technician)

    def do(n):
        next_s = time.monotonic() + PACE_S
        change(api, n)
        wait_until(lambda: time.monotonic() >= next_s, 1, "the next change")
    watch(town, tap, "changes", CHANGES, do)
    tap.ok(status_of(api)["issued_version"] >= CHANGES["warm"] + CHANGES["times"],
           "each change was a manifest", status_of(api))


if __name__ == "__main__":
    sys.exit(rig.run([calls, changes], STATIONS))
