#!/usr/bin/python3
"""test-refused.py BUILD: a manifest that is not in order plays nothing, and the district sees why.

The broker is mosquitto with the district's own files and one door more, on loopback and without
a certificate: whoever has taken a broker over may publish what he likes. The district's keys are
used by Debian's minisign.
"""
import base64
import json
import pathlib
import subprocess
import sys
import tempfile

import rig
from processes import free_port
from rig import wait_until

STATION, OTHER = "xa-mot", "xa-hai"
STATIONS = {STATION: [("mot-a", 1)], OTHER: [("hai-a", 1)]}
PORT, DOOR = free_port(), free_port()
DAY_US = 86400 * 1000000


class OpenDistrict(rig.District):
    """Its broker lets anybody in by another door."""

    def start_broker(self):
        own = self.state / "broker"
        wait_until(lambda: (own / "mosquitto.conf").exists() or not self.scheduler.is_running(),
                   20, "the files for the broker")
        self.open_rights()
        config = self._as("scheduler", "cat", own / "mosquitto.conf")
        self.write("open.conf", config.replace(f"acl_file {own}/rights.acl",
                                               f"acl_file {self.state}/open.acl") +
                   f"listener {DOOR} 127.0.0.1\nallow_anonymous true\n")
        self.broker = self.daemon("broker", "/usr/sbin/mosquitto", "-c",
                                  self.state / "open.conf", user="scheduler")

    def write(self, name, text):
        self._as("scheduler", "sh", "-c", 'umask 077; printf %s "$0" >"$1"', text,
                 self.state / name)

    def open_rights(self):
        """What stands before the first user is for those without a name."""
        self.write("open.acl", "topic readwrite #\n" +
                   self._as("scheduler", "cat", self.state / "broker/rights.acl"))

    def reload_broker(self):
        self.open_rights()
        super().reload_broker()


class Wire:
    """What goes over the broker, seen and sent through the door."""

    def __init__(self, town):
        self.town, self.n_changes = town, 0

    def _pipe(self, program, *words, **options):
        return subprocess.run([program, "-V", "311", "-h", "127.0.0.1", "-p", str(DOOR), *words],
                              capture_output=True, timeout=60, check=True, **options).stdout

    def next_manifest(self, station):
        """The envelope of the manifest that a change makes the district send."""
        watch = subprocess.Popen(
            ["mosquitto_sub", "-V", "311", "-h", "127.0.0.1", "-p", str(DOOR), "-t",
             f"loa/1/to/{station}/manifest", "-C", "1", "-N", "-W", "60"],
            stdout=subprocess.PIPE)
        before = self.town.status(station)["issued_version"]
        self.change(station)
        wait_until(lambda: self.town.status(station)["issued_version"] > before, 60,
                   f"a manifest for {station}")
        envelope = watch.communicate(timeout=70)[0]
        if not envelope:
            raise rig.Failed(f"no manifest for {station} was seen")
        return envelope

    def change(self, station):
        """Something that stands in the station's documents: its name."""
        self.n_changes += 1
        self.town.technician.loactl("station", "put", station, f"Đài {self.n_changes}", "--area",
                                    station, "--heartbeat-s", 5)

    def send(self, station, envelope):
        self._pipe("mosquitto_pub", "-q", "1", "-t", f"loa/1/to/{station}/manifest", "-s",
                   input=envelope)


def parted(envelope):
    """(trusted comment, document) of an envelope."""
    signature, document = envelope.split(b"\n\n", 1)
    return signature.split(b"\n")[2].split(b": ", 1)[1].decode(), document


def as_minisign(text):
    """A key of the district's, in the form of minisign's own without a password."""
    raw = base64.b64decode(text.splitlines()[1])
    number, seed = raw[:8], raw[8:40]
    public = subprocess.run(
        ["openssl", "pkey", "-inform", "DER", "-pubout", "-outform", "DER"], check=True,
        input=bytes.fromhex("302e020100300506032b657004220420") + seed, capture_output=True,
        timeout=30).stdout[-32:]
    whole = b"Ed\0\0B2" + bytes(32 + 8 + 8) + number + seed + public + bytes(32)
    return f"untrusted comment: a district's\n{base64.b64encode(whole).decode()}\n"


def sign(town, document, comment, key=None):
    """An envelope by minisign; @key: of the district's roles; None: a key of nobody's."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "document").write_bytes(document)
        if key is None:
            subprocess.run(["minisign", "-G", "-W", "-p", path / "pub", "-s", path / "key"],
                           check=True, capture_output=True, timeout=30)
        else:
            text = town.district._as("scheduler", "cat", town.district.state / "keys" / key)
            (path / "key").write_text(as_minisign(text))
        subprocess.run(["minisign", "-S", "-H", "-W", "-s", path / "key", "-m", path / "document",
                        "-t", comment], check=True, capture_output=True, timeout=30,
                       stdin=subprocess.DEVNULL)
        return (path / "document.minisig").read_bytes() + b"\n" + document


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
    town.wire.send(STATION, envelope)
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
