#!/usr/bin/python3
"""test-alert-killed.py BUILD: the district is killed at every step between click and delivery.

The real scheduler and its broker; strace kills it in the named call of the named thread, so
that it dies exactly there and needs no door for it in the program. Afterwards the alert is at
every player, or the caller was not told yes and nobody has heard of it; and the same call again
makes one of it. Prints TAP.
"""
import http.client
import os
import pathlib
import subprocess
import sys
import time

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "bench"))

import fleet  # noqa: E402
import heard  # noqa: E402

N_PLAYERS = 2
FIRST_ADDRESS = "127.79.0.1"
PATIENCE_S = 60
N_TRIES = 3
DIED = (OSError, http.client.HTTPException)

#  where it dies, thread, call, which one of them, whether the alert is kept by then
STEPS = [
    ("when the call has come in", "MHD-single", "write", 1, False),
    ("before anything of it is written", "store-writer", "pwrite64", 1, False),
    ("when half of it is written", "store-writer", "pwrite64", 20, False),
    ("before the disk has it", "store-writer", "fdatasync", 1, None),
    ("on the disk, and nobody knows", "store-writer", "write", 1, True),
    ("before it goes to the broker", "link", "write", 1, True),
    ("half-way to the broker", "link", "write", 2, True),
    ("before the caller is told", "MHD-single", "sendmsg", 1, True),
    ("before it is noted that it went out", "store-writer", "fdatasync", 2, True),
    ("when that is noted", "store-writer", "write", 2, True),
]


class Trap:
    """strace on one kind of thread of the scheduler: the whole process dies in that call."""

    def __init__(self, pid, thread, call, number):
        tasks = [task.name for task in pathlib.Path(f"/proc/{pid}/task").iterdir()
                 if (task / "comm").read_text().strip() == thread]
        self.process = subprocess.Popen(
            ["strace", "-o", "/dev/null", "-e", f"inject={call}:signal=KILL:when={number}",
             *(word for task in tasks for word in ("-p", task))], stderr=subprocess.PIPE, text=True)
        for _ in tasks or ("none",):
            said = self.process.stderr.readline()
            if "attached" not in said:
                raise RuntimeError(f"strace on {tasks} of {thread}: {said}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stderr.close()


class Place:
    """A district, its caller and two players."""

    def __init__(self, district, players):
        self.district, self.players, self.calls = district, players, 0
        self.api = heard.Caller(district, "approver")

    def alerts(self):
        return {one["id"] for one in self.api.call("GET", "/api/alerts")["alerts"]}

    def call(self):
        """Id of the alert; with the key that a page sends again with the same call."""
        body = {"template": fleet.TEMPLATE, "areas": [fleet.TOP]}
        return self.api.call("POST", "/api/alerts", body, f"lan-{self.calls}")["id"]

    def restart(self):
        self.district.process.wait(PATIENCE_S)
        self.district.start()
        self.api.hang_up()

    def heard(self):
        self.players.take_all()
        return {alert for kind, alert in self.players.orders if kind == "alert"}


def die(place, step):
    """Returns: what was answered (None: nothing), alerts kept then and not before"""
    _, thread, call, number, _ = step
    place.calls += 1
    before, answered = place.alerts(), None
    with Trap(place.district.scheduler_pid(), thread, call, number):
        try:
            answered = place.call()
            place.district.process.wait(PATIENCE_S)
        except DIED:
            pass
        place.restart()
    return answered, place.alerts() - before


def judge(place, step):
    """Returns: what is wrong, in words; "" if nothing"""
    is_kept = step[4]
    for _ in range(N_TRIES):
        answered, kept = die(place, step)
        if kept or not is_kept:
            break  # else it died of some other work of that thread, before the call
    if answered and {answered} != kept:
        return f"the caller was told of {answered}, and {kept} is kept"
    if is_kept is not None and len(kept) != is_kept:
        return f"kept: {kept}"
    for alert in kept:  # nobody calls it a second time
        place.players.wait_order("alert", alert, PATIENCE_S)
    again = place.call()
    if kept and {again} != kept:
        return f"the same call made {again} beside {kept}"
    place.players.wait_order("alert", again, PATIENCE_S)
    if place.heard() != place.alerts():
        return f"heard: {place.heard()}, on record: {place.alerts()}"
    return ""


def whole(place):
    done = subprocess.run(["sqlite3", "-readonly", place.district.folder / "state/district.db",
                           "PRAGMA integrity_check"], capture_output=True, text=True, check=False)
    return done.stdout == "ok\n"


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    os.environ["TZ"] = "Asia/Ho_Chi_Minh"
    print(f"1..{len(STEPS) + 1}", flush=True)
    with fleet.District(build, "127.0.0.1", stations=N_PLAYERS, zones=1, slots=0, items=1, waiting=0,
                        phrase=build / "tests/support/tones.opus") as district, \
            fleet.Players(district, N_PLAYERS, "--no-audio", "--heartbeat=3600",
                          f"--from={FIRST_ADDRESS}") as players:
        players.settle(PATIENCE_S, quiet_s=1)
        place = Place(district, players)
        for number, step in enumerate(STEPS, 1):
            begun = time.monotonic()
            wrong = judge(place, step)
            print(f"{'not ok' if wrong else 'ok'} {number} - killed {step[0]}", flush=True)
            print(f"# {wrong or 'as it should be'}, {time.monotonic() - begun:.1f} s", flush=True)
        print(f"{'ok' if whole(place) else 'not ok'} {len(STEPS) + 1} - its file is whole")


main()
