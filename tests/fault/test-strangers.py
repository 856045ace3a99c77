#!/usr/bin/python3
"""test-strangers.py BUILD: who is not, or no longer, a station gets nothing; who is new gets time.

mosquitto's own clients and curl stand in for the stranger.
"""
import json
import os
import subprocess
import sys
import threading
import time

import rig
from rig import wait_until

STATIONS = {"xa-mot": [("mot-a", 1)], "xa-hai": [("hai-a", 1)]}
REVOKED_S = 60


class Listener:
    """mosquitto_sub on every topic; keeps what it got and how it ended."""

    def __init__(self, town, *flags, authority=None):
        self.got, self.log = [], []
        self.process = subprocess.Popen(
            ["stdbuf", "-oL", "mosquitto_sub", "-V", "311", "-h", "127.0.0.1", "-p",
             str(town.district.ports["broker"]), "--cafile",
             str(authority or town.district.authority), "-t", "#", "-t", "loa/1/to/xa-mot/+",
             "-t", "loa/1/all/+", "-F", "%t", "-d", *map(str, flags)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={
                **os.environ, "HOME": str(town.folder), "LC_ALL": "C"})
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        for line in self.process.stdout:
            (self.got if line.startswith("loa/") else self.log).append(line.strip())

    def says(self, words):
        return any(words in line for line in self.log)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(10)
        self.thread.join(10)


def identity_of(town, station):
    """A copy of a station's certificate and key, as a thief would have them."""
    source = town.communes[station].folder / "player/state/identity"
    target = town.folder / f"stolen-{station}"
    if not target.exists():
        target.mkdir()
        for name in ("tls.pem", "tls.key"):
            text = town.district._as(f"{station}-player", "cat", source / name)
            (target / name).touch(mode=0o600)
            (target / name).write_text(text)
    return target / "tls.pem", target / "tls.key"


def make_foreign(town):
    """A certificate of another authority that claims to be a station."""
    folder = town.folder / "foreign"
    folder.mkdir()
    for argv in (
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
             "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=other", "-days", "3"],
            ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
             "tls.key", "-out", "tls.csr", "-subj", "/CN=xa-mot"],
            ["x509", "-req", "-in", "tls.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
             "-CAcreateserial", "-out", "tls.pem", "-days", "2"]):
        subprocess.run(["openssl", *argv], cwd=folder, check=True, capture_output=True,
                       timeout=60)
    return folder / "tls.pem", folder / "tls.key"


def ask_https(town, certificate=None, key=None):
    """Status of a device's request for an object nobody has; 0: no connection was made."""
    flags = ["--cert", certificate, "--key", key] if certificate else []
    done = subprocess.run(
        ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--max-time", "10", "--cacert",
         town.district.authority, *flags,
         f"https://127.0.0.1:{town.district.ports['stations']}/device/objects/{'0' * 64}"],
        capture_output=True, text=True, timeout=60, check=False)
    return int(done.stdout or 0)


def time_trusted(town, tap):
    """Stations of this machine started without a trusted clock, unless the kernel vouches."""
    for station in STATIONS:
        wait_until(lambda s=station: town.status(s).get("heartbeat", {}).get("trust") == "synced",
                   30, f"{station} to trust its clock")
        rows = town.district.query("SELECT raw FROM records WHERE kind = 'clock' AND "
                                   f"station = '{station}' ORDER BY seq")
        told = [json.loads(row["raw"]) for row in rows]
        boot = town.district.query("SELECT trust FROM records WHERE kind = 'boot' AND "
                                   f"station = '{station}'")
        if boot and boot[0]["trust"] == "synced":
            tap.skip(f"{station}: time by the district's answer", "the kernel vouches here")
            continue
        tap.ok(bool(boot) and bool(told), f"{station} began untrusted, and the district knows",
               [boot, told])
        tap.ok(any(r["trust"] == "synced" and "clock_signed" in json.dumps(r) for r in told),
               f"{station} is trusted by the district's signed answer", told)


def strangers(town, tap):
    """Without a certificate, and with one of another authority: not a word."""
    foreign = make_foreign(town)
    listeners = {"no certificate": Listener(town),
                 "another authority": Listener(town, "--cert", foreign[0], "--key", foreign[1])}
    slot = town.broadcast()
    for why, listener in listeners.items():
        tap.ok(not listener.got, f"{why}: hears nothing from the broker", listener.got)
        tap.ok(not listener.says("received CONNACK (0)"), f"{why}: is never connected",
               listener.log)
        listener.stop()
    sent = subprocess.run(
        ["mosquitto_pub", "-V", "311", "-h", "127.0.0.1", "-p",
         str(town.district.ports["broker"]), "--cafile", str(town.district.authority), "-t",
         "loa/1/to/xa-mot/manifest", "-m", "x", "-q", "1"], capture_output=True, timeout=60,
        check=False)
    tap.ok(sent.returncode != 0, "no certificate: publishes nothing", sent.stderr.decode())
    tap.ok(ask_https(town) in (0, 401, 403), "no certificate: refused over HTTPS",
           ask_https(town))
    tap.ok(ask_https(town, *foreign) in (0, 401, 403), "another authority: refused over HTTPS",
           ask_https(town, *foreign))
    rows = town.wait_verdicts(slot, 2)
    tap.ok(all(r["state"] == "delivered" for r in rows), "the stations are not disturbed", rows)


def revoked(town, tap):
    """A station that is connected while it is revoked."""
    stolen = identity_of(town, "xa-mot")
    town.communes["xa-mot"].player.stop()
    n_lines = town.communes["xa-hai"].player.said().count("district-line")
    listener = Listener(town, "-i", "xa-hai", "--cert", stolen[0], "--key", stolen[1])
    wait_until(lambda: listener.says("received CONNACK (0)"), 20,
               "the station's certificate to connect")
    slot = town.approve_slot(lead_s=30)
    wait_until(lambda: "loa/1/to/xa-mot/manifest" in listener.got, 20, "a manifest to arrive")
    tap.ok(not any("xa-hai" in topic for topic in listener.got),
           "a station hears what is its own alone", listener.got)
    tap.ok(town.communes["xa-hai"].player.said().count("district-line") == n_lines,
           "and puts nobody out by taking another's client id")
    tap.ok(ask_https(town, *stolen) == 404, "before: HTTPS answers it", ask_https(town, *stolen))
    town.technician.loactl("station", "revoke", "xa-mot", "máy bị mất")
    begun = time.monotonic()
    tap.ok(ask_https(town, *stolen) in (0, 401, 403), "revoked: refused over HTTPS at once",
           ask_https(town, *stolen))
    n_got = len(listener.got)
    version = town.status("xa-hai")["issued_version"]
    other = town.approve_slot(lead_s=40)
    town.wait_applied("xa-hai", other, version)
    took = time.monotonic() - begun
    tap.ok(took < REVOKED_S and len(listener.got) == n_got,
           f"{took:.1f} s after the revocation: nothing more for a connected revoked station",
           listener.got[n_got:])
    late = Listener(town, "--cert", stolen[0], "--key", stolen[1])
    wait_until(lambda: late.process.poll() is not None or late.says("OpenSSL Error") or
               late.says("Error") or late.says("CONNACK"), 20, "the broker's answer")
    tap.ok(not late.says("received CONNACK (0)") and not late.got,
           "revoked: cannot connect again", late.log)
    late.stop()
    listener.stop()
    rows = town.wait_verdicts(slot, 1, "xa-hai")
    tap.ok(rows[0]["state"] == "delivered", "the other station plays on", rows)
    town.editor.loactl("slot", "stop", other.id)


def replaced(town, tap):
    """Another machine takes the revoked station's place with a new code."""
    commune = town.communes["xa-mot"]
    commune.new_machine()
    commune.enrol(town.technician)
    commune.start_player()
    slot = town.broadcast()
    rows = town.wait_verdicts(slot, 2)
    tap.ok(all(r["state"] == "delivered" for r in rows),
           "a replacement enrols as the same station and plays", rows)
    devices = town.technician.loactl("station", "devices", "xa-mot")["devices"]
    tap.ok(len(devices) == 2 and sum(bool(d["revoked_us"]) for d in devices) == 1,
           "the district knows both machines, one revoked", devices)
    stolen = identity_of(town, "xa-mot")
    tap.ok(ask_https(town, *stolen) in (0, 401, 403), "the old machine is refused still",
           ask_https(town, *stolen))


def replaced_while_connected(town, tap):
    """The player before goes on listening under the station's name, which lives on: it is put
    out when another one is enrolled, before that one ever connects."""
    commune = town.communes["xa-hai"]
    stolen = identity_of(town, "xa-hai")
    commune.new_machine()
    listener = Listener(town, "-t", "loa/1/to/xa-hai/+", "--cert", stolen[0], "--key", stolen[1])
    wait_until(lambda: listener.says("received CONNACK (0)"), 20,
               "the certificate of the player before to connect")
    commune.enrol(town.technician)
    wait_until(lambda: listener.process.poll() is not None or listener.says("Error") or
               listener.log.count("Client null sending CONNECT") > 1, 60,
               "the player before to be put out")
    n_got = len(listener.got)
    version = town.status("xa-hai")["issued_version"]
    slot = town.approve_slot(lead_s=25)
    wait_until(lambda: town.status("xa-hai")["issued_version"] > version, 20, "a manifest")
    commune.start_player()
    town.wait_applied("xa-hai", slot, version)
    tap.ok(len(listener.got) == n_got, "the player before receives nothing",
           [listener.got, listener.log[-20:]])
    late = Listener(town, "--cert", stolen[0], "--key", stolen[1])
    wait_until(lambda: late.process.poll() is not None or late.says("Error") or
               late.says("CONNACK"), 20, "the broker's answer")
    tap.ok(not late.says("received CONNACK (0)"), "and cannot connect again", late.log)
    for one in (late, listener):
        one.stop()
    rows = town.wait_verdicts(slot, 2)
    tap.ok(all(r["state"] == "delivered" for r in rows), "the new one goes on as the station", rows)
    told = town.technician.loactl("station", "history", "xa-hai")["events"]
    tap.ok([e["what"] for e in told if e["what"] in ("enrolled", "new_player", "revoked")] ==
           ["new_player", "enrolled"], "of which the history is one", told)


if __name__ == "__main__":
    sys.exit(rig.run([time_trusted, strangers, revoked, replaced, replaced_while_connected],
                     STATIONS))
