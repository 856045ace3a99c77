#!/usr/bin/python3
"""test-certificates.py BUILD: a station's certificate grows old, and is renewed by the station.

It was enrolled eight years ago, as far as its certificate and the district's database tell.
"""
import secrets
import sys
import time

import rig
from rig import wait_until

STATION = "xa-mot"
STATIONS = {STATION: [("mot-a", 1), ("mot-b", 2)]}
N_ZONES = 2
# Of 3,020 days 20 are left: less than a quarter, whatever the station's share of the spread.
AGE_DAYS, LIFE_DAYS = 3000, 3020


class Identity:
    """The identity folder of the station's player, as its user."""

    def __init__(self, town):
        self.district = town.district
        self.folder = town.communes[STATION].folder / "player/state/identity"

    def run(self, *argv):
        return self.district._as(f"{STATION}-player", *argv)

    def read(self, name):
        return self.run("cat", self.folder / name)

    def write(self, name, text):
        self.run("sh", "-c", 'umask 077; printf "%s" "$0" >"$1"', text, self.folder / name)

    def has(self, name):
        return name in self.run("ls", self.folder).split()


def make_old(town, identity):
    """An old certificate for the same key, by the district's authority, with its row."""
    district, serial = town.district, "40" + secrets.token_hex(15)
    request = identity.run("openssl", "req", "-new", "-key", identity.folder / "tls.key", "-subj",
                           f"/CN={STATION}")
    folder = district.folder / "scheduler"
    for name, text in (("old.csr", request),
                       ("old.ext", "basicConstraints=critical,CA:false\n"
                                   "extendedKeyUsage=clientAuth\n")):
        district._as("scheduler", "sh", "-c", 'printf "%s" "$0" >"$1"', text, folder / name)
    pem = district._as("scheduler", "faketime", "-f", f"-{AGE_DAYS}d", "openssl", "x509", "-req",
                       "-in", folder / "old.csr", "-CA", district.state / "authority/ca.pem",
                       "-CAkey", district.state / "authority/ca.key", "-set_serial",
                       f"0x{serial}", "-days", LIFE_DAYS, "-extfile", folder / "old.ext")
    born_us = int((time.time() - AGE_DAYS * 86400) * 1e6)
    district._as("scheduler", "sqlite3", district.state / "district.db",
                 f"UPDATE devices SET serial = '{serial}', enrolled_us = {born_us}, expires_us = "
                 f"{born_us + LIFE_DAYS * 86400 * 10**6} WHERE station = '{STATION}'")
    identity.write("tls.pem", pem)
    return serial, pem


def devices(town):
    return town.district.query("SELECT serial, pending, revoked_us, revoked_why FROM devices "
                               f"WHERE station = '{STATION}' ORDER BY enrolled_us")


def delivered(town, tap, what):
    slot = town.broadcast(stations=[STATION], lead_s=12)
    rows = town.wait_verdicts(slot, N_ZONES)
    tap.ok(all(r["state"] == "delivered" for r in rows), what, rows)


def renewed_by_itself(town, tap):
    """Asked for with the old one, shown, in its place; the old one is good for nothing then."""
    commune, identity = town.communes[STATION], Identity(town)
    commune.player.stop()
    town.district.scheduler.stop()
    serial, town.old = make_old(town, identity)
    town.district.start()
    commune.start_player()
    wait_until(lambda: identity.read("tls.pem") != town.old, 60, "another certificate in place")
    rows = devices(town)
    tap.ok(len(rows) == 2 and rows[0]["serial"] == serial and
           rows[0]["revoked_why"] == "renewed" and
           rows[1]["pending"] == rows[1]["revoked_us"] == 0, "the new one lives alone", rows)
    tap.ok(not identity.has("tls.next.pem"), "nothing is left of the way")
    audit = town.district.query("SELECT action FROM audit WHERE object = "
                                f"'{STATION}' AND action LIKE 'device.%' ORDER BY seq")
    tap.ok([r["action"] for r in audit][-2:] == ["device.renew", "device.use-renewal"],
           "both steps are in the audit", audit)
    commune.player.wait_for("connecting anew, with a new certificate")
    delivered(town, tap, "a broadcast is delivered over the new connection")
    ours = town.district.broker_pid()
    town.district.users.signal(ours, 9)
    wait_until(lambda: town.district.broker_pid() not in (0, ours), 30, "another mosquitto")
    delivered(town, tap, "and after a broker that knows the new list alone")


def cut_off_on_the_way(town, tap):
    """The district knows the new one, and the power goes before it is in its place."""
    commune, identity = town.communes[STATION], Identity(town)
    commune.player.kill()
    new = identity.read("tls.pem")
    identity.write("tls.next.pem", new)
    identity.write("tls.pem", town.old)
    commune.start_player()
    wait_until(lambda: identity.read("tls.pem") == new, 60, "the new certificate in its place")
    tap.ok(not identity.has("tls.next.pem"), "the station went on where it was")
    delivered(town, tap, "and is back")
    tap.ok(len(devices(town)) == 2, "without another certificate", devices(town))


def unknown_next(town, tap):
    """A next certificate that the district does not know is dropped; the one in place serves."""
    commune, identity = town.communes[STATION], Identity(town)
    commune.player.stop()
    new = identity.read("tls.pem")
    identity.write("tls.next.pem", town.old)
    commune.start_player()
    wait_until(lambda: not identity.has("tls.next.pem"), 60, "the station to drop it")
    tap.ok(identity.read("tls.pem") == new, "the one in place stays")
    delivered(town, tap, "and the station goes on")


if __name__ == "__main__":
    sys.exit(rig.run([renewed_by_itself, cut_off_on_the_way, unknown_next], STATIONS))
