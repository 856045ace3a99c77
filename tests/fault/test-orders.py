#!/usr/bin/python3
"""test-orders.py BUILD: a relay tested from the district closes by a genuine order, once.

Whoever has taken the broker over holds every order in his hands: kept, sent again, changed or
made anew it moves no relay, and the district hears of each.
"""
import json
import sys
import time

import rig
from door import Door, OpenDistrict, PORT, parted, sign
from rig import wait_until

STATION = "xa-mot"
STATIONS = {STATION: [("mot-a", 1), ("mot-b", 2)]}
TOPIC = f"loa/1/to/{STATION}/test"


def order(town, zone="mot-a", ms=1000):
    return town.technician.loactl("zone", "test", STATION, zone, "--ms", ms)


def test_of(town, test):
    tests = town.technician.loactl("station", "tests", STATION)["tests"]
    return next(one for one in tests if one["id"] == test["id"])


def said_of(town, test):
    return test_of(town, test).get("said", {}).get("code")


def wait_said(town, test, code, seconds=60):
    wait_until(lambda: said_of(town, test), seconds, f"what came of the test ({code})", seconds)
    return said_of(town, test)


def switched(town, since=0):
    return town.communes[STATION].coils()[since:]


def in_order(town, tap):
    """Closed, read back, opened: this zone's relay and the amplifier's, for a second."""
    wait_until(lambda: town.is_current(STATION), 60, "the station to hold its plans")
    n_before = len(switched(town))
    town.first = town.door.seen(TOPIC, lambda: setattr(town, "test", order(town)))
    code = wait_said(town, town.test, "test_good")
    row = test_of(town, town.test)
    tap.ok(code == "test_good" and row["relay"] == "closed" and row["asked_by_name"] == "Kỹ thuật",
           "the district hears that the relay closed and opened again", row)
    moves = switched(town, n_before)
    tap.ok({(1, True), (1, False)} <= {m[:2] for m in moves} and all(m[0] in (1, 8) for m in moves),
           "this zone's relay and the amplifier's alone", moves)
    closed = [at_us for relay, is_on, at_us in moves if relay == 1 and is_on]
    opened = [at_us for relay, is_on, at_us in moves if relay == 1 and not is_on]
    tap.ok(closed and opened and opened[-1] - closed[0] < 3_000_000,
           "for about the second that was asked for", moves)
    shown = town.technician.run("station", "tests", STATION, out=None).stdout
    tap.ok("closed and opened again" in shown, "loactl says so in words", shown)
    audit = town.district.query("SELECT * FROM audit WHERE action = 'relay.test'")
    tap.ok(len(audit) == 1, "and who asked for it is on record", audit)


def refusals(town):
    rows = town.district.query("SELECT raw FROM records WHERE kind = 'refused' ORDER BY seq")
    return [detail["code"] for row in rows for detail in json.loads(row["raw"])["details"]
            if detail.get("subject") == "test-order"]


def is_refused(town, tap, what, code, envelope):
    n_moves, n_told = len(switched(town)), len(refusals(town))
    town.door.send(TOPIC, envelope)
    wait_until(lambda: len(refusals(town)) > n_told, 30, f"the district to hear of {what}")
    tap.ok(refusals(town)[n_told:] == [code] and len(switched(town)) == n_moves,
           f"{what}: {code}, and no relay moves", [refusals(town), switched(town, n_moves)])


def made(town, by_us, key, **changes):
    """The first order anew, as if it had been issued so much from now."""
    comment, document = parted(town.first)
    body = {**json.loads(document), **changes}
    now_us = int(time.time() * 1e6) + by_us
    body.update(issued_us=now_us, expires_us=now_us + 60_000_000)
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return sign(town, text, comment, key)


def not_in_order(town, tap):
    is_refused(town, tap, "the same again", "refused_repeat", town.first)
    is_refused(town, tap, "another zone in it", "refused_signature",
               town.first.replace(b'"zone":"mot-a"', b'"zone":"mot-b"'))
    is_refused(town, tap, "a key of nobody's", "refused_key", made(town, 0, None))
    is_refused(town, tap, "a key that may say the time alone", "refused_role",
               made(town, 0, "time.key"))
    is_refused(town, tap, "another station's", "refused_claim",
               made(town, 0, "manifest.key", station="xa-hai"))
    is_refused(town, tap, "a minute old", "refused_expired",
               made(town, -61_000_000, "manifest.key"))
    commune = town.communes[STATION]
    commune.player.stop()
    commune.start_player()
    n_up = commune.player.said().count("the district is reached")
    wait_until(lambda: commune.player.said().count("the district is reached") >= max(1, n_up), 30,
               "the player to be back")
    is_refused(town, tap, "the same after a restart", "refused_repeat", town.first)


def not_now(town, tap):
    """Nobody answers: not answered. Something sounds: refused, and it goes on."""
    commune = town.communes[STATION]
    slot = town.broadcast(stair=town.long_stair)
    town.wait_heard(STATION, slot, 1)
    code = wait_said(town, order(town, "mot-b"), "test_busy")
    tap.ok(code == "test_busy", "refused while something sounds", code)
    rows = town.wait_verdicts(slot, 2)
    tap.ok(all(r["state"] == "delivered" for r in rows), "which goes on undisturbed", rows)
    until = " ".join(rig.local(time.time() + 3600))[:16]
    asked = town.approver.loactl("quiet", "add", STATION, until, "funeral")
    n_moves = len(switched(town))
    code = said_of(town, order(town))
    tap.ok(code == "test_quiet", "not where somebody asked for silence", code)
    town.approver.loactl("quiet", "end", asked["id"])
    commune.player.stop()
    test = order(town)
    tap.ok(said_of(town, test) is None and not any(m[1] for m in switched(town, n_moves)),
           "a station that is not there says nothing", [test_of(town, test), switched(town, n_moves)])
    commune.start_player()


def in_order_after_all(town, tap):
    code = None
    def works():
        nonlocal code
        test = order(town, "mot-b")
        try:
            code = wait_said(town, test, "test_good", 8)
        except rig.Failed:
            return False
        return code == "test_good"
    wait_until(works, 120, "a test to be carried out again")
    tap.ok(code == "test_good", "after all of it a genuine order is carried out", code)


def all_cases(town, tap):
    town.door = Door()
    for case in (in_order, not_in_order, not_now, in_order_after_all):
        case(town, tap)


if __name__ == "__main__":
    rig.District = OpenDistrict
    sys.exit(rig.run([all_cases], STATIONS, uris=[f"mqtts://127.0.0.1:{PORT}"]))
