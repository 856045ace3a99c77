"""phrases.py - what is said in alerts, made in a town: recorded, checked, approved, placed."""
import math
import struct
import wave

from rig import AREA, wait_until

RATE = 48000


def write_tone(path, hz, seconds):
    """A tone stands for the announcer's voice, so that the card's timeline knows it."""
    turn = 2 * math.pi * hz / RATE
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", None))
        out.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(turn * i)))
                                 for i in range(int(RATE * seconds))))


def record_phrase(town, station, phrase, hz=1500, seconds=1):
    """By three people, as any announcement, until @station holds it."""
    before = town.status(station).get("issued_version", 0)
    path = town.folder / f"{phrase}.wav"
    write_tone(path, hz, seconds)
    town.editor.loactl("alert", "standard", AREA)
    version = town.editor.loactl("version", "add", phrase, f"vi={path}", "--no-state-secret")["id"]
    town.reviewer.loactl("version", "check", version, "--no-state-secret")
    town.approver.approve(version)

    def is_kept():
        now = town.status(station)
        return (now.get("issued_version", 0) > before and town.is_current(station) and
                now.get("heartbeat", {}).get("manifest_version") == now["issued_version"] and
                now.get("heartbeat", {}).get("missing_objects", 1) == 0)
    wait_until(is_kept, 60, f"{station} to hold {phrase}")
