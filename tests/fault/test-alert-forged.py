#!/usr/bin/python3
"""test-alert-forged.py BUILD: whoever has taken the broker over makes no loudspeaker sound.

Genuine alerts and stops of before, kept and said again; changed ones; ones signed by another,
for another, too old or from the future: no relay moves, no sample sounds, and the district
hears of what was refused. What it calls itself sounds before and after.
"""
import json
import sys
import time

import rig
from door import Door, OpenDistrict, PORT, parted, sign
from phrases import record_phrase
from rig import wait_until

STATION = "xa-mot"
STATIONS = {STATION: [("mot-a", 1)]}
TO_ALL = "loa/1/all/"
N_AGAIN = 50
MINUTE_US = 60_000_000


def is_on(town):
    return any(rig.coils_by_mbpoll(town.communes[STATION].board_port))


def moves(town):
    return town.communes[STATION].coils()


def sounds(town):
    return town.communes[STATION].heard()


def called_and_stopped(town, tap, what):
    """Returns: the two as they went over the broker."""
    told, n_before = {}, len(sounds(town))

    def call():
        told["id"] = town.approver.loactl("alert", "call", "bao-nham", "--area", STATION)["id"]
    alert = town.door.seen(TO_ALL + "alert", call)
    wait_until(lambda: is_on(town) and len(sounds(town)) > n_before, 30, "it to be heard")
    stop = town.door.seen(TO_ALL + "stop",
                          lambda: town.approver.loactl("alert", "stop", told["id"]))
    wait_until(lambda: not is_on(town), 30, "the relays to open")
    tap.ok(True, what)
    return alert, stop


def refusals(town):
    """Codes of alerts and stops that the station told the district it did not obey, in order."""
    rows = town.district.query("SELECT raw FROM records WHERE kind = 'refused' ORDER BY seq")
    return [detail["code"] for row in rows for detail in json.loads(row["raw"])["details"]
            if detail.get("subject") in ("alert", "stop")]


def in_order(town, tap):
    record_phrase(town, STATION, "cb-nham-1")
    town.genuine, town.ended = called_and_stopped(town, tap, "what the district calls is heard")


def is_refused(town, tap, what, code, envelope):
    """It is told by the time that the next one is: they come in their order."""
    n_moves, n_sounds, n_told = len(moves(town)), len(sounds(town)), len(refusals(town))
    town.door.send(TO_ALL + "alert", envelope)
    wait_until(lambda: len(refusals(town)) > n_told, 30, f"the district to hear of {what}")
    tap.ok(refusals(town)[n_told:] == [code] and len(moves(town)) == n_moves and
           len(sounds(town)) == n_sounds, f"{what}: {code}, and silence",
           [refusals(town)[n_told:], moves(town)[n_moves:], sounds(town)[n_sounds:]])


def made(town, by_us, key, comment=None, **changes):
    """The genuine one anew, as if it had been issued so much from now."""
    claim, document = parted(town.genuine)
    now_us = int(time.time() * 1e6) + by_us
    body = {**json.loads(document), "id": f"gia-{now_us}", "issued_us": now_us,
            "expires_us": now_us + 10 * MINUTE_US, **changes}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return sign(town, text, comment or claim, key)


def forged(town, tap):
    is_refused(town, tap, "another title in it", "refused_signature",
               town.genuine.replace(b'"severity":', b'"severity": '))
    is_refused(town, tap, "a key of nobody's", "refused_key", made(town, 0, None))
    is_refused(town, tap, "a key that may sign manifests alone", "refused_role",
               made(town, 0, "manifest.key"))
    is_refused(town, tap, "said to one station alone", "refused_format",
               made(town, 0, "alert.key", "alert xa-hai 0"))
    is_refused(town, tap, "a stop", "refused_type", town.ended)
    is_refused(town, tap, "its time is over", "refused_expired",
               made(town, -11 * MINUTE_US, "alert.key"))
    is_refused(town, tap, "from the future", "refused_early", made(town, 6 * MINUTE_US, "alert.key"))


def said_again(town, tap, when):
    """By the time that a forged one is refused, what was sent before it has come."""
    n_moves, n_sounds = len(moves(town)), len(sounds(town))
    for _ in range(N_AGAIN):
        town.door.send(TO_ALL + "alert", town.genuine)
        town.door.send(TO_ALL + "stop", town.ended)
    town.door.send(TO_ALL + "alert", made(town, 0, "alert.key", areas=["xa-khac"]))
    is_refused(town, tap, f"a forged one {when}", "refused_key", made(town, 0, None))
    tap.ok(len(moves(town)) == n_moves and len(sounds(town)) == n_sounds,
           f"{2 * N_AGAIN} genuine ones of before, and one for elsewhere, {when}: silence",
           [moves(town)[n_moves:], sounds(town)[n_sounds:]])


def again(town, tap):
    said_again(town, tap, "again")
    commune = town.communes[STATION]
    commune.player.stop()
    commune.start_player()
    commune.player.wait_for("the district is reached", 60)
    said_again(town, tap, "after a restart")


def in_order_after_all(town, tap):
    called_and_stopped(town, tap, "after all of it what the district calls is heard")


def all_cases(town, tap):
    town.door = Door()
    for case in (in_order, forged, again, in_order_after_all):
        case(town, tap)


if __name__ == "__main__":
    rig.District = OpenDistrict
    sys.exit(rig.run([all_cases], STATIONS, uris=[f"mqtts://127.0.0.1:{PORT}"]))
