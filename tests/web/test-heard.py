#!/usr/bin/python3
"""test-heard.py BUILD: from clicks to loudspeakers: the pages with real stations behind them.

Two communes with player, gateway, sound card and relay board; the board of one goes silent.
"""
import os
import sys
import tempfile
import time

from stage import play, told_of
from district import Commune, District, Programs

AREA = "khu-vuc"
ROLES = ("editor", "reviewer", "approver", "official", "technician")
# station, its name, zones: id, village, languages, relay
COMMUNES = {
    "ia-pa": ("Ia Pa", [("a", "bon-1", ["jra"], 1), ("b", "bon-2", ["jra", "vi"], 2)]),
    "xa-hong": ("Ia Tul", [("a", "bon-3", ["jra"], 1)]),
}
VILLAGES = {"bon-1": "Ƀôn 1", "bon-2": "Ƀôn 2", "bon-3": "Ƀôn 3"}


def make_places(admin):
    for commune, (name, zones) in COMMUNES.items():
        admin.loactl("area", "put", commune, "commune", f"Xã {name}", "--parent", AREA)
        for _, village, _, _ in zones:
            admin.loactl("area", "put", village, "village", VILLAGES[village], "--parent", commune)
    admin.loactl("windows", "set", AREA, "mon-sun 00:00-24:00")


def make_stations(district, technician):
    communes = {}
    for station, (name, zones) in COMMUNES.items():
        commune = communes[station] = Commune(district, station, zones)
        commune.describe(technician, f"Đài {name}")
        commune.start(technician)
        commune.player.wait_for("the gateway answers")
    communes["xa-hong"].tell_board("1 silent on")
    return communes


def heard(communes):
    """What sound cards and boards of the stations saw."""
    return {station: {"sound_s": sum(s["duration_us"] for s in commune.heard()) / 1e6,
                      "relays": sorted({relay for relay, is_on, _ in commune.coils() if is_on})}
            for station, commune in communes.items()}


def main():
    os.environ["TZ"] = "Asia/Ho_Chi_Minh"
    time.tzset()
    with tempfile.TemporaryDirectory(prefix="loa-heard-", dir="/tmp") as folder:
        district = District(Programs(sys.argv[1]), folder, AREA, "Khu vực thử")
        try:
            district.start()
            make_places(district.admin)
            people = {role: district.account(f"{role}-1", f"Tài khoản {role}", f"{role}@{AREA}")
                      for role in ROLES}
            communes = make_stations(district, people["technician"])
            accounts = {role: told_of(one) for role, one in people.items()}
            return play(["--test-reporter=./tap.mjs", "heard.story.mjs"], district, accounts,
                        {"/heard": lambda: heard(communes)})
        finally:
            district.stop()


sys.exit(main())
