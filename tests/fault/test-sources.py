#!/usr/bin/python3
"""test-sources.py BUILD: a radio on the net is relayed, goes silent, and its spare sounds; a
tuner at the station is heard for its window.

The Jrai village hears them; the Vietnamese one has a gap that was shown before. The radio sends
its Ogg/Opus pages as time goes on, as Icecast does; the tuner is a line-in of the station.
"""
import http.server
import math
import struct
import subprocess
import sys
import threading
import time

import rig
from rig import wait_until

STATIONS = {"xa-mot": [("mot-jrai", 1), ("mot-viet", 2)]}
RADIO_HZ = 1500
RADIO_S = 120
TUNER_HZ = 1900
TUNER_S = 12
RELAY_S = 30
HEARD_S = 5  # of the radio, before it is gone
WATCH_S = 10  # without a sound; then the spare
LEAD_S = 20
# Half as far from the next: what was decoded, mixed and counted by its crossings of zero.
PITCH_HZ = 40


def pages_of(ogg):
    """(when it is due in s, bytes) of each page; the two of the head at once."""
    found, at = [], 0
    while at < len(ogg):
        segments = ogg[at + 26]
        size = 27 + segments + sum(ogg[at + 27:at + 27 + segments])
        granule = struct.unpack_from("<q", ogg, at + 6)[0]
        found.append((max(0, granule) / 48000, ogg[at:at + size]))
        at += size
    return found


class Radio:
    """Everybody who asks hears the same minute of it from its beginning, until it is gone."""

    def __init__(self, ogg):
        self.pages, self.is_gone, self.n_asked = pages_of(ogg), threading.Event(), 0
        radio = self

        class Answer(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                radio.n_asked += 1
                if radio.is_gone.is_set():
                    self.send_error(503)
                    return
                self.send_response(200)
                self.send_header("Content-Type", "audio/ogg")
                self.end_headers()
                try:
                    radio.send(self.wfile)
                except OSError:
                    pass  # the listener went away

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/jrai.ogg"

    def send(self, wire):
        begun = time.monotonic()
        for due_s, page in self.pages:
            if self.is_gone.wait(max(0, begun + due_s - time.monotonic())):
                return
            wire.write(page)
            wire.flush()


def make_radio(town):
    ogg = town.folder / "radio.ogg"
    subprocess.run(["gst-launch-1.0", "-q", "audiotestsrc", f"freq={RADIO_HZ}", "volume=0.3",
                    "samplesperbuffer=480", f"num-buffers={RADIO_S * 100}", "!",
                    "audio/x-raw,rate=48000,channels=1", "!", "opusenc", "!", "oggmux",
                    "max-delay=100000000", "max-page-delay=100000000", "!", "filesink",
                    f"location={ogg}"], check=True, timeout=60)
    return Radio(ogg.read_bytes())


def approved(town, version):
    town.reviewer.loactl("version", "check", version, "--no-state-secret")
    town.approver.approve(version)


def make_source(town, kind, address):
    """The stair is its spare."""
    made = town.editor.loactl(
        "announcement", "add", "Đài thử", "--kind", kind, "--home", rig.AREA,
        "--source-number", "2/TB", "--source-issuer", "Vùng thử", "--source-date",
        time.strftime("%Y-%m-%d"), "--valid-until", "2199-01-01", "--no-state-secret", "--version",
        f"jra={town.folder / 'stair.wav'}", "--address", f"jra={address}")
    return made["id"], made["versions"][0]["id"]


def add_slot(town, item, seconds):
    playlist = town.editor.loactl("playlist", "add", "Tiếp sóng", "--home", rig.AREA,
                                  f"{item}:{seconds / 60}")["id"]
    at_s = math.ceil(time.time()) + LEAD_S
    date, clock = rig.local(at_s)
    made = town.editor.loactl("slot", "add", "Tiếp sóng", "--home", rig.AREA, "--playlist",
                              playlist, "--date", date, "--at", clock, "--to", rig.AREA)
    town.approver.loactl("slot", "approve", made["id"])
    return rig.Slot(made["id"], at_s, seconds)


def sounds(town, slot, hz, from_s=-1):
    """Seconds of the slot in which this pitch sounded: (from, to) each."""
    found = [(s["from_utc_us"] / 1e6 - slot.at_s, s["duration_us"] / 1e6)
             for s in town.communes["xa-mot"].heard() if abs(s["hz"] - hz) < PITCH_HZ]
    return [(at, at + lasts) for at, lasts in found if at >= from_s and lasts > 0.2]


def judged(town, tap, radio):
    source, version = make_source(town, "stream", radio.address)
    refused = town.approver.run("version", "approve", version, "--no-state-secret")
    tap.ok(refused.returncode != 0, "no source is relayed before its language was checked",
           refused.stdout)
    approved(town, version)
    town.editor.loactl("version", "change", version, "--no-state-secret", "--address", radio.address + "?other")
    state = town.editor.loactl("announcement", "show", source)["versions"][0]
    tap.ok(state["state"] == "draft" and "approval" not in state,
           "another address is judged anew", state)
    town.editor.loactl("version", "change", version, "--no-state-secret", "--address", radio.address)
    approved(town, version)
    return source


def previewed(town, tap, slot):
    lines = town.editor.loactl("preview", "xa-mot", slot.date)["lines"]
    relay = [x for x in lines if x["sounds"]]
    gaps = [x["zone"] for x in lines if x.get("finding") == "gap"]
    tap.ok([(x["zone"], x["language"], x.get("source")) for x in relay] ==
           [("mot-jrai", "jra", "stream")] and gaps == ["mot-viet"],
           "before it airs: who hears it unchecked, and who has a gap", lines)
    told = town.editor.run("preview", "xa-mot", slot.date, out="")
    tap.ok("not checked before airing" in told.stdout, "and it says so in words", told.stdout)


def relayed(town, tap):
    town.technician.loactl("zone", "put", "xa-mot", "mot-jrai", "Cụm loa", "--output", "main",
                           "--village", "mot-jrai", "--language", "jra")
    radio = make_radio(town)
    source = judged(town, tap, radio)
    slot = add_slot(town, f"stream:{source}", RELAY_S)
    previewed(town, tap, slot)
    town.wait_applied("xa-mot", slot)
    wait_until(lambda: any(to_s >= HEARD_S for _, to_s in sounds(town, slot, RADIO_HZ)),
               LEAD_S + HEARD_S + 40, "the radio to be heard")
    gone_s = time.time() - slot.at_s
    radio.is_gone.set()
    wait_until(lambda: any(fault["code"] == "source_absent" for fault in
                           town.status("xa-mot").get("heartbeat", {}).get("faults", [])),
               RELAY_S + 20, "the station to tell that nothing comes")
    row = town.wait_verdicts(slot, 1, seconds=RELAY_S + 60)[0]

    live = sounds(town, slot, RADIO_HZ)
    tap.ok(live and live[0][0] < 0.5 and live[-1][1] < gone_s + 5,
           "the radio was heard from the first second until it was gone", [gone_s, live])
    spare = sounds(town, slot, rig.STAIR_FIRST_HZ)
    tap.ok(len(spare) == 1 and WATCH_S - 1 < spare[0][0] - live[-1][1] < WATCH_S + 6,
           "ten seconds after its last sound its spare begins", [live, spare])
    tap.ok(row["zone"] == "mot-jrai" and row["state"] == "partial" and
           row["reason"] == "late_source" and row["relay_confirmed"],
           "it was heard in part, because the source went", row)
    codes = [detail["code"] for detail in row["details"]]
    tap.ok("source_gone" in codes and "spare_played" in codes, "and the delivery says of what",
           row["details"])
    town.wait_settled("xa-mot")
    tap.ok(radio.n_asked > 1, "it was asked for again and again meanwhile", radio.n_asked)
    last = [relay for relay, is_on, _ in town.communes["xa-mot"].coils() if relay == 2]
    tap.ok(not last, "the other village's relay was never moved", last)


def add_tuner(town):
    """A technician lists a line-in in the player's configuration."""
    commune = town.communes["xa-mot"]
    commune.player.stop()
    card = commune.folder / "tuner.conf"
    card.write_text(f'pcm_type.testline {{ lib "{town.district.programs.line_plugin}" }}\n'
                    f"pcm.tuner {{ type testline hz {TUNER_HZ} channels 2 }}\n")
    with open(commune.player_config, "a", encoding="utf-8") as config:
        config.write("[line tuner]\ndevice=tuner\n")
    commune.start_player({"ALSA_CONFIG_PATH": f"{commune.cards}/asound.conf:{card}"})
    commune.player.wait_for("the gateway answers")


def line_heard(town, tap):
    """From the tuner's plug to the loudspeaker, for as long as was approved, and on record."""
    add_tuner(town)
    source, version = make_source(town, "line_in", "line:tuner")
    approved(town, version)
    slot = add_slot(town, f"line_in:{source}", TUNER_S)
    town.wait_applied("xa-mot", slot)
    row = town.wait_verdicts(slot, 1)[0]
    live = sounds(town, slot, TUNER_HZ)
    tap.ok(live and live[0][0] < 0.5 and TUNER_S - 1 < live[-1][1] < TUNER_S + 0.5,
           "the tuner is heard from the first second to the end of its window", live)
    tap.ok(not sounds(town, slot, rig.STAIR_FIRST_HZ), "and its spare is not")
    tap.ok(row["zone"] == "mot-jrai" and row["language"] == "jra" and
           row["state"] == "delivered" and row["relay_confirmed"], "it is delivered", row)
    record = town.records(slot)
    tap.ok(len(record) == 1 and record[0]["level_mdb"] > -20000,
           "on record, with the level that was sent", record)


if __name__ == "__main__":
    sys.exit(rig.run([relayed, line_heard], STATIONS))
