#!/usr/bin/python3
"""test-live.py BUILD: somebody speaks live to a village, and what they are told when it
breaks.

loactl speaks a tone in the place of a voice; the station is a real player with a sound card that
keeps a timeline. The broker runs apart, so that it can die and stay dead while somebody speaks.
"""
import os
import signal
import subprocess
import sys

import rig
from processes import free_port
from rig import wait_until

STATIONS = {"xa-mot": [("mot-a", 1)]}
PORT = free_port()
SPEECH_S = 300
VOICE_HZ = 1200


def write_speech(path):
    """A tone as packets of 20 ms, long enough for a speech that is ended by hand."""
    subprocess.run(["gst-launch-1.0", "-q", "audiotestsrc", f"num-buffers={SPEECH_S * 50}",
                    "samplesperbuffer=960", f"freq={VOICE_HZ}", "!",
                    "audio/x-raw,rate=48000,channels=1", "!", "opusenc", "frame-size=20", "!",
                    "oggmux", "!", "filesink", f"location={path}"], check=True, timeout=60)


class Speech:
    """loactl at it, in the background."""

    def __init__(self, town, *more):
        path = town.folder / "speech.opus"
        if not path.exists():
            write_speech(path)
        person = town.approver
        self.town, self.before = town, {one["alert"] for one in speeches(town)}
        self.errors = town.folder / "speech.txt"
        self.process = subprocess.Popen(
            [town.district.programs.loactl, "--json", "alert", "speak", path, "--area", "mot-a",
             "--minutes", "5", *more], stdout=subprocess.PIPE, stderr=self.errors.open("w"),
            env={**os.environ, "LOACTL_SESSION": str(person.session), "LC_ALL": "C.UTF-8",
                 "LOA_LANG": "en"})
        wait_until(lambda: self.row() is not None, 20, "the speech to be called")
        self.id = self.row()["alert"]

    def row(self):
        new = [one for one in speeches(self.town) if one["alert"] not in self.before]
        return new[0] if new else None

    def has_said(self, words):
        return words in self.errors.read_text()

    def wait_spoken(self):
        """Its recording grows: frames come in."""
        folder = self.town.district.state / "incoming/live"
        find = ["find", folder, "-name", f"{self.id}.opus", "-size", "+8k"]
        wait_until(lambda: self.town.district._as("scheduler", *find), 40, "something to be said")

    def end(self):
        """As by Ctrl+C."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


def speeches(town):
    return town.district.query("SELECT * FROM speeches")


def recording(town, speech):
    """Seconds that are kept of it."""
    path = town.folder / f"{speech.id}.opus"
    town.approver.loactl("alert", "listen", speech.id, path)
    kept = path.read_bytes()
    return town.district.query(
        f"SELECT duration_us / 1e6 AS s FROM speeches WHERE alert = '{speech.id}'")[0]["s"] \
        if kept.startswith(b"OggS") else 0


def wait_ending(speech, ending):
    wait_until(lambda: speech.row()["ending"] == ending, 30, f"the speech to end: {ending}")


def heard_s(town, speech):
    """Seconds of the voice on the station's card since it was called."""
    called_us = town.district.query(
        f"SELECT issued_us FROM alerts WHERE id = '{speech.id}'")[0]["issued_us"]
    return sum(one["duration_us"] for one in town.communes["xa-mot"].heard()
               if one["from_utc_us"] >= called_us and abs(one["hz"] - VOICE_HZ) < 30) / 1e6


def state_of(town, speech):
    return town.approver.loactl("alert", "state", speech.id)["zones"][0]


def spoken(town, tap):
    speech = Speech(town)
    wait_until(lambda: heard_s(town, speech) > 2, 40, "the village to hear the voice")
    tap.ok(state_of(town, speech)["state"] == "sounding", "the voice is heard in the village",
           state_of(town, speech))
    status = speech.end()
    wait_ending(speech, "spoken")
    wait_until(lambda: state_of(town, speech)["state"] == "done", 20, "the station to have ended it")
    kept, heard = recording(town, speech), heard_s(town, speech)
    tap.ok(status == 0 and kept - 2 < heard <= kept + 0.5,
           "to its last word, and no further", f"{status} kept {kept} s, heard {heard} s")
    tap.ok(speech.row()["n_lost"] == 0, "no frame was lost", speech.row())


def broker_away(town, tap):
    speech = Speech(town)
    speech.wait_spoken()
    town.district.broker.kill()
    wait_until(lambda: speech.has_said("NOBODY HEARS YOU"), 20, "the speaker to be told")
    tap.ok(True, "the broker is gone: the speaker is told that nobody hears them")
    town.district.start_broker()
    wait_until(lambda: speech.has_said("heard again"), 30, "the speaker to be told")
    tap.ok(True, "it is back: they are told that, too")
    status = speech.end()
    wait_ending(speech, "spoken")
    row = speech.row()
    tap.ok(status == 0 and 0 < row["n_lost"] < row["n_frames"],
           "ended by its speaker; what was lost is counted", f"{status} {row}")
    tap.ok(recording(town, speech) >= 1, "and all of it is kept", row)


def scheduler_killed(town, tap):
    speech = Speech(town)
    speech.wait_spoken()
    town.district.scheduler.kill()
    status = speech.process.wait(30)
    tap.ok(status not in (0, None), "the scheduler dies: the speaker's program says so",
           f"{status} {speech.errors.read_text()}")
    town.district.daemons.remove(town.district.scheduler)
    town.district.start()
    wait_ending(speech, "restart")
    tap.ok(recording(town, speech) >= 1, "the next one keeps what was said, and that it was cut off",
           speech.row())
    last = town.approver.run("alert", "state", speech.id)
    tap.ok(last.returncode == 0, "the alert can be looked at", last.stderr)


if __name__ == "__main__":
    sys.exit(rig.run([spoken, broker_away, scheduler_killed], STATIONS,
                     uris=[f"mqtts://127.0.0.1:{PORT}"]))
