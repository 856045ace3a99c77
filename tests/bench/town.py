"""town.py - stations made of the real daemons, for what is measured at a station.

The town of the fault tests, with its boards, languages and announcements chosen here. Relay
boards and sound cards are the only stand-ins, and it is they who say what happened and when.
"""
import os
import pathlib
import shutil
import sys
import tempfile
import time
import wave

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "fault"))

import rig  # noqa: E402
from district import Commune  # noqa: E402

AMPLIFIER = 8
TAIL_MS = 300  # as district.py writes it into the gateway's configuration


def write_tone(path, hz, seconds, rate=16000):
    """A square tone: one second of it, again and again. @hz divides @rate / 2."""
    half = rate // (2 * hz)
    turn = b"\x00\x20" * half + b"\x00\xe0" * half
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, rate, 0, "NONE", None))
        out.writeframes(turn * hz * seconds)


class Station:
    """What a station of the town is to be; a zone is (id, languages, relay)."""

    def __init__(self, zones, profile="coils", timed_on_s=4):
        self.zones, self.profile, self.timed_on_s = zones, profile, timed_on_s


class Town(rig.Town):
    """@wanted: {station: Station}. Up inside of a `with`, gone after it."""

    def __init__(self, build, wanted):
        os.environ["TZ"] = "Asia/Ho_Chi_Minh"
        time.tzset()
        self.wanted = wanted
        folder = pathlib.Path(tempfile.mkdtemp(prefix="loa-bench-"))
        super().__init__(build, folder, {name: [(zone, relay) for zone, _, relay in s.zones]
                                         for name, s in wanted.items()})

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _make_announcement(self):
        """None yet: each measurement says what is to sound."""

    def add_commune(self, station, zones):
        wanted = self.wanted[station]
        rows = [(zone, zone, languages, relay) for zone, languages, relay in wanted.zones]
        commune = StandardBeat(self.district, station, rows, wanted.profile,
                               timed_on_s=wanted.timed_on_s)
        commune.describe(self.technician, f"Đài {station}")
        commune.start(self.technician)
        commune.player.wait_for("the gateway answers")
        self.communes[station] = commune

    def announce(self, title, **audio):
        """An announcement, checked and approved; @audio: {language: path}."""
        words = [w for language, path in audio.items() for w in ("--version", f"{language}={path}")]
        made = self.editor.loactl(
            "announcement", "add", title, "--no-state-secret", "--home", rig.AREA, "--source-number", "1/TB",
            "--source-issuer", "Vùng thử", "--source-date", time.strftime("%Y-%m-%d"),
            "--valid-until", "2199-01-01", *words)
        for version in made["versions"]:
            self.reviewer.loactl("version", "check", version["id"], "--no-state-secret")
            self.approver.approve(version["id"])
        return made["id"]

    def put_on_air(self, announcements, lead_s):
        """One slot of them in this order, @lead_s from now. Returns: the rig.Slot"""
        self.playlist = self.editor.loactl("playlist", "add", "Đo", "--home", rig.AREA,
                                           *(f"announcement:{a}" for a in announcements))["id"]
        return self.approve_slot(lead_s=lead_s)


class StandardBeat(Commune):
    """Heartbeats come as often as they do at a station that nobody watches."""

    def describe(self, technician, name):
        super().describe(technician, name)
        technician.loactl("station", "put", self.station, name, "--area", self.station)


def utc_of_monotonic_us():
    """What is to be added to a board's instants to compare them with a sound card's.

    Of several looks that one during which the machine let us wait the least.
    """
    looks = []
    for _ in range(16):
        before, utc, after = time.monotonic_ns(), time.time_ns(), time.monotonic_ns()
        looks.append((after - before, utc - (before + after) // 2))
    return min(looks)[1] // 1000
