#!/usr/bin/python3
"""test-alert-alone.py BUILD: a commune sounds an alert under its grant, with the district dead.

The page's end of the player's socket is held here; district, player, gateway are real. When the
line is back the district is told of it once, in its place among the records.
"""
import importlib.util
import json
import os
import pathlib
import socket
import sys
import time

import rig
from rig import wait_until

heard = importlib.util.module_from_spec(spec := importlib.util.spec_from_file_location(
    "alert_heard", pathlib.Path(__file__).with_name("test-alert-heard.py")))
spec.loader.exec_module(heard)

STATIONS = {"xa-mot": [("mot-a", 1), ("mot-b", 2)]}
GRANT, PIN = "tu-phat", "260302"


class Window:
    """What loa-page holds of the player: one question, one answer."""

    def __init__(self, town):
        self.commune = town.communes["xa-mot"]
        self.path = self.commune.folder / "page.sock"
        self.door = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.door.bind(str(self.path))
        os.chmod(self.path, 0o666)
        self.door.listen(1)
        self.door.settimeout(60)
        self.line = None

    def ask(self, act, **more):
        words = {"type": "page-ask", "v": 1, "act": act, **more}
        self.line.send(json.dumps(words, ensure_ascii=False, sort_keys=True,
                                  separators=(",", ":")).encode())
        return json.loads(self.line.recv(1 << 18))

    def meet(self):
        self.line = self.door.accept()[0]
        self.line.settimeout(60)


def switch_page_on(town):
    town.window = Window(town)
    commune = town.window.commune
    with commune.player_config.open("a") as config:
        config.write(f"[page]\nenabled=true\nsocket={town.window.path}\n")
    commune.player.kill()
    commune.start_player()
    town.window.meet()


def granted(town, tap):
    """Asked for by one, agreed to by another; the person sets the PIN, which nobody else has."""
    heard.templates_kept(town, tap)
    second = town.district.account("duyet-hai", "Duyệt hai", f"approver@{rig.AREA}")
    me = town.approver.loactl("whoami")["id"]
    password, pin = town.folder / "password", town.folder / "pin"
    password.write_text(town.approver.password)
    pin.write_text(PIN)
    waits = town.approver.loactl(
        "grant", "add", GRANT, "Xã một tự phát",
        time.strftime("%Y-%m-%d 12:00", time.localtime(time.time() + 30 * 86400)),
        "--area", "xa-mot", "--account", me, "--template", "bao-nham", "--starts", "3", "--in-s",
        "3600")["waits"]
    tap.ok(not town.approver.loactl("grant", "list")["grants"], "before a second person agrees "
           "there is none")
    second.loactl("proposal", "approve", waits)
    grant, = town.approver.loactl("grant", "list")["grants"]
    tap.ok(grant["without_pin"] == [me], "the district shows who has no PIN yet", grant)
    town.approver.loactl("pin", "set", "--password-file", password, "--pin-file", pin)
    switch_page_on(town)
    wait_until(lambda: town.window.ask("people")["accounts"], 60, "the grant at the station")
    town.me = me
    kept = town.window.ask("people")["accounts"]
    tap.ok([a["id"] for a in kept] == [me] and kept[0]["pin_hash"].startswith("$argon2id$"),
           "the station holds it, with the PIN stretched", kept)


def alone(town, tap):
    """District and broker are dead: a real alert sounds, once too often is refused."""
    town.district.scheduler.kill()
    wait_until(lambda: not town.window.ask("state")["district"], 60, "the player to be alone")
    called_s = time.time()
    town.alert = town.window.ask("start", account=town.me, template="bao-nham",
                                 villages=["mot-a"])["alert"]
    wait_until(lambda: heard.words_heard(town, called_s), 30, "its words")
    tap.ok(heard.sounds(town, called_s)[0][0] < 20, "it sounds with no district", town.alert)
    elsewhere = town.window.ask("start", account=town.me, template="bao-nham",
                                villages=["khac"])
    tap.ok(elsewhere["refusal"]["code"] == "local_place", "not where the grant does not reach",
           elsewhere)
    other = town.window.ask("start", account=town.me, template="lu", villages=["mot-a"])
    tap.ok(other["refusal"]["code"] == "local_template", "nor what it does not name", other)


def restarted_alone(town, tap):
    """In mid-alert: it goes on; and what was started before it counts."""
    commune = town.window.commune
    commune.player.kill()
    killed_s = time.time()
    commune.start_player()
    town.window.meet()
    wait_until(lambda: heard.words_heard(town, killed_s), 40, "its words again")
    tap.ok(True, "it begins again after the player was killed")
    town.window.ask("stop", account=town.me, alert=town.alert)
    wait_until(lambda: heard.last_opened(town, 0) >= 0, 20, "open relays")
    tap.ok("alert" in town.window.ask("start", account=town.me, template="bao-nham",
                                      villages=["mot-b"]), "the second start is allowed")
    town.window.ask("stop", account=town.me)


def told(town, tap):
    town.district.start()
    kinds = ("alert_started_locally", "alert_taken", "alert_stopped_locally", "alert_ended")

    def rows():
        return town.district.query(
            "SELECT seq, kind, json_extract(raw, '$.occurrence') AS alert, "
            "json_extract(raw, '$.details[0].arguments[0].value') AS first, "
            "json_extract(raw, '$.details[0].code') AS code FROM records WHERE kind IN "
            f"{kinds} ORDER BY seq")
    wait_until(lambda: sum(r["kind"] == "alert_ended" for r in rows()) >= 2, 90,
               "the records of both alerts")
    mine = [r for r in rows() if r["alert"] == town.alert]
    tap.ok([r["kind"] for r in mine] == list(kinds), "each once, in the order in which it happened",
           mine)
    tap.ok(mine[0]["code"] == "local_by_account" and town.me in str(mine[0]["first"]),
           "and who it was", mine[0])
    shown = town.approver.loactl("alert", "local")["orders"]
    tap.ok([(o["stop"], o["by"]) for o in shown] == [(s, town.me) for s in (True, False) * 2] and
           shown[-1]["alert"] == town.alert, "the district shows what was ordered there, by whom",
           shown)
    heard.wait_state(town, town.alert, ("stopped",))
    first = next(a for a in town.approver.loactl("alert", "list")["alerts"]
                 if a["id"] == town.alert)
    tap.ok((first["station"], first["author"], first["by_button"]) == ("xa-mot", town.me, False)
           and first["stopped_us"] and first["stopped_by_name"],
           "it stands among the alerts, as one that was started at the station", first)
    tap.ok(set(heard.zones(town, town.alert)) == {"mot-a"}, "for the village that it was for")


def stopped_by_district(town, tap):
    """What the commune began, the district ends by its id."""
    called_s = time.time()
    alert = town.window.ask("start", account=town.me, template="bao-nham",
                            villages=["mot-a", "mot-b"])["alert"]
    wait_until(lambda: heard.words_heard(town, called_s), 30, "its words")
    wait_until(lambda: alert in [a["id"] for a in town.approver.loactl("alert", "list")["alerts"]],
               60, "the district to hear of it")
    heard.wait_state(town, alert, ("sounding", "relay_on"))
    told = time.monotonic()
    town.approver.loactl("alert", "stop", alert)
    state = heard.wait_state(town, alert, ("stopped",))
    tap.ok(len(state) == 2, "both villages say that it was stopped", state)
    wait_until(lambda: heard.last_opened(town, told) >= 0, 10, "open relays")
    fourth = town.window.ask("start", account=town.me, template="bao-nham", villages=["mot-b"])
    tap.ok(fourth["refusal"]["code"] == "local_often",
           "no more starts than the grant allows, those before the restart counted", fourth)


if __name__ == "__main__":
    sys.exit(rig.run([granted, alone, restarted_alone, told, stopped_by_district], STATIONS))
