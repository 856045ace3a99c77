#!/usr/bin/python3
"""test-refused.py BUILD: a manifest that is not in order plays nothing, and the district sees why."""
import json
import sys

import rig
from door import Door, OpenDistrict, PORT, parted, sign
from rig import wait_until

STATION, OTHER = "xa-mot", "xa-hai"
STATIONS = {STATION: [("mot-a", 1)], OTHER: [("hai-a", 1)]}
DAY_US = 86400 * 1000000


class Wire(Door):
    """Manifests, seen and sent."""

    def __init__(self, town):
        self.town, self.n_changes = town, 0

    def next_manifest(self, station):
        """The envelope of the manifest that a change makes the district send."""
        return self.seen(f"loa/1/to/{station}/manifest", lambda: self.change(station))

    def change(self, station):
        """Something that stands in the station's documents: its name."""
        self.n_changes += 1
        self.town.technician.loactl("station", "put", station, f"Đài {self.n_changes}", "--area",
                                    station, "--heartbeat-s", 5)

    def send_manifest(self, station, envelope):
        self.send(f"loa/1/to/{station}/manifest", envelope)


def moved(envelope, by_us):
    """(document, trusted comment) of the next version, all its dates later by @by_us."""
    comment, document = parted(envelope)
    body = json.loads(document)
    for name in ("issued_us", "not_before_us", "expires_us"):
        body[name] += by_us
    body["version"] += 1
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return text, " ".join([*comment.split(" ")[:-1], str(body["version"])])


# What is sent, what the district is told of it, and in which words it shows that.
CASES = [
    ("a changed byte", "refused_signature", "not what the key has signed",
     lambda town, was, other: was.replace(b'"version":', b'"versiom":')),
    ("another station's", "refused_audience", "meant for another station", lambda town, was, other: other),
    ("a key of nobody's", "refused_key", "signed by a key we do not know",
     lambda town, was, other: sign(town, *moved(was, 0))),
    ("past its expiry", "refused_expired", "has expired",
     lambda town, was, other: sign(town, *moved(was, -60 * DAY_US), "manifest.key")),
]


def code_of(town):
    return town.status(STATION)["state"].get("refusal", {}).get("code")


def refused(town, tap, what, code, words, envelope):
    accepted = town.status(STATION)["state"]["accepted_version"]
    town.wire.send_manifest(STATION, envelope)
    wait_until(lambda: code_of(town) == code, 60, f"the district to be told of {what}")
    now = town.status(STATION)
    tap.ok(now["state"]["accepted_version"] == accepted, f"{what}: the one before stays in force",
           now)
    shown = town.technician.run("status", out=None).stdout
    tap.ok(words in shown, f"{what}: the district sees why: {words}", shown)
    # And the next one that is in order is followed.
    town.wire.change(STATION)
    wait_until(lambda: town.is_current(STATION) and
               town.status(STATION)["issued_version"] > accepted, 60, "the station to follow")
    tap.ok(not town.status(STATION)["state"].get("refusal"),
           f"{what}: the next in order is followed, and nothing is held against the station",
           town.status(STATION))


def each_in_turn(town, tap):
    town.wire = Wire(town)
    for station in STATIONS:
        wait_until(lambda s=station: town.is_current(s), 60, f"{station} to hold its plans")
    for what, code, words, make in CASES:
        other = town.wire.next_manifest(OTHER)
        was = town.wire.next_manifest(STATION)
        wait_until(lambda: town.is_current(STATION), 60, "the station to follow")
        refused(town, tap, what, code, words, make(town, was, other))


def older(town, tap):
    was = town.wire.next_manifest(STATION)
    town.wire.next_manifest(STATION)
    wait_until(lambda: town.is_current(STATION), 60, "the station to follow")
    refused(town, tap, "an older one", "refused_version", "older than one", was)


def still_plays(town, tap):
    slot = town.broadcast()
    rows = town.wait_verdicts(slot, len(STATIONS))
    tap.ok(all(r["state"] == "delivered" for r in rows) and town.is_whole(STATION, slot),
           "after all of it a broadcast is delivered", rows)


if __name__ == "__main__":
    rig.District = OpenDistrict
    sys.exit(rig.run([each_in_turn, older, still_plays], STATIONS,
                     uris=[f"mqtts://127.0.0.1:{PORT}"]))
