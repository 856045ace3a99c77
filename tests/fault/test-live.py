#!/usr/bin/python3
"""test-live.py BUILD: somebody speaks live to a village, and what they are told when it
breaks; or at the station, and what is kept of it.

loactl speaks a tone in the place of a voice; the station is a real player with a sound card that
keeps a timeline. The broker runs apart, so that it can die and stay dead while somebody speaks.
"""
import hashlib
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
THERE_HZ = 900  # said into the station's own microphone


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


class Spoken:
    """Somebody at the station speaks into its own microphone; the order comes from here."""

    def __init__(self, town):
        self.town, self.folder = town, town.communes["xa-mot"].folder / "player/state/speeches"
        self.id = town.approver.loactl("alert", "speak", "--area", "mot-a", "--minutes", "5",
                                       "--station", "xa-mot")["id"]

    def heard_s(self):
        return sum(one["duration_us"] for one in self.town.communes["xa-mot"].heard()
                   if abs(one["hz"] - THERE_HZ) < 30) / 1e6

    def files(self):
        found = self.town.district._as("xa-mot-player", "find", self.folder, "-type", "f")
        return [line for line in (found or "").splitlines() if self.id in line]

    def parts(self):
        return self.town.approver.loactl("alert", "state", self.id)["spoken"]

    def stop(self):
        self.town.approver.loactl("alert", "stop", self.id)

    def kept_s(self):
        """Fetched, decoded from its first page to its last, and of the hash that it is called."""
        seconds = 0
        for part in self.parts():
            path = self.town.folder / f"{part['object']}.opus"
            self.town.approver.loactl("alert", "listen-part", self.id, part["object"], path)
            assert hashlib.sha256(path.read_bytes()).hexdigest() == part["object"]
            seconds += part["duration_us"] / 1e6
        return seconds

    def wait_brought(self, n_parts=1):
        wait_until(lambda: len(self.parts()) == n_parts
                   and all(one["is_recorded"] for one in self.parts()), 90,
                   f"{n_parts} part(s) at the district, and the records that name them")
        wait_until(lambda: not self.files(), 60, "the player to delete what was taken")


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


def has_microphone(town):
    ready = town.approver.loactl("alert", "ready")["stations"]
    return any(one["microphone"] for one in ready)


def spoken_there(town, tap):
    wait_until(lambda: has_microphone(town), 60, "the station to say that it has a microphone")
    speech = Spoken(town)
    wait_until(lambda: speech.heard_s() > 3, 90, "the village to hear the voice")
    tap.ok(len(speech.files()) == 1, "what is said there is written while it is heard",
           speech.files())
    speech.stop()
    speech.wait_brought()
    kept, heard = speech.kept_s(), speech.heard_s()
    tap.ok(heard - 1 < kept < heard + 2, "all of it comes to the district, by its hash, and the "
           "station's record names it", f"kept {kept} s, heard {heard} s")


def spoken_there_alone(town, tap):
    speech = Spoken(town)
    already = speech.heard_s()
    wait_until(lambda: speech.heard_s() > already + 1, 90, "the village to hear the voice")
    town.district.scheduler.kill()
    wait_until(lambda: speech.heard_s() > already + 3, 60, "it to be heard on")
    town.communes["xa-mot"].player.kill()
    files = speech.files()
    tap.ok(len(files) == 1 and files[0].endswith(".part"),
           "district and player die in mid-speech: what was said lies there", files)
    town.district.daemons.remove(town.communes["xa-mot"].player)
    town.communes["xa-mot"].start_player()
    wait_until(lambda: any(one.endswith(".opus") for one in speech.files()), 60,
               "the next player to make it whole")
    town.district.daemons.remove(town.district.scheduler)
    town.district.start()
    wait_until(lambda: len(speech.parts()) > 0, 120, "it to be told later")
    first_s = speech.parts()[0]["duration_us"] / 1e6
    tap.ok(first_s > 2, "the district has the part said before the death", speech.parts())
    speech.stop()
    wait_until(lambda: not speech.files(), 90, "all of it to be at the district")
    speech.wait_brought(len(speech.parts()))
    tap.ok(speech.kept_s() >= first_s, "and what was said afterwards", speech.parts())


if __name__ == "__main__":
    sys.exit(rig.run([spoken, broker_away, scheduler_killed, spoken_there, spoken_there_alone],
                     STATIONS, microphone_hz=THERE_HZ,
                     uris=[f"mqtts://127.0.0.1:{PORT}"]))
