#!/usr/bin/python3
"""test-uploads.py BUILD: loactl sends a large recording, and the scheduler is killed in the middle.

It goes on by itself with what was acknowledged; and given up half-way, the same command goes on.
"""
import os
import signal
import subprocess
import sys
import wave

import rig
from rig import wait_until

RATE, CHANNELS, BYTES, SECONDS = 192000, 2, 4, 60
PART = 1024 * 1024


def write_large(path, hz):
    """As many bytes a second as a recording can have: two square tones."""
    with wave.open(str(path), "wb") as out:
        out.setparams((CHANNELS, BYTES, RATE, 0, "NONE", None))
        half = RATE // hz // 2
        turn = b"\x00\x00\x00\x10" * CHANNELS * half + b"\x00\x00\x00\xf0" * CHANNELS * half
        for _ in range(SECONDS):
            out.writeframes(turn * hz)


def make_version(town):
    made = town.editor.loactl("announcement", "add", "Dài", "--home", rig.AREA, "--source-number",
                              "1/TB", "--source-issuer", "Vùng thử", "--source-date", "2026-01-01",
                              "--valid-until", "2199-01-01")
    small = town.folder / "small.wav"
    rig.write_stair(small)
    return town.editor.loactl("version", "add", made["id"], f"vi={small}",
                              "--no-state-secret")["id"]


def begin(town, version, path):
    env = {**os.environ, "LOACTL_SESSION": str(town.editor.session), "LC_ALL": "C.UTF-8",
           "LOA_LANG": "en"}
    return subprocess.Popen([town.district.programs.loactl, "--json", "version", "record", version,
                             path, "--no-state-secret"], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True)


def size_there(town):
    """Bytes of the one upload that has not ended; 0 if there is none."""
    parts = town.district.state / "incoming/parts"
    out = town.district._as("scheduler", "sh", "-c",
                            'test ! -d "$0" || find "$0" -type f -printf "%s\\n"', parts)
    return int(out.split()[0]) if out.strip() else 0


def stop_in_the_middle(town, tap, sender, total):
    wait_until(lambda: size_there(town) >= 4 * PART, 60, "some parts")
    sender.send_signal(signal.SIGSTOP)
    there = size_there(town)
    tap.ok(4 * PART <= there < total, "it is half-way", [there, total])
    return there


def original_hash(town, version):
    copy = town.folder / "copy.wav"
    town.editor.loactl("version", "listen", version, copy, "--original")
    return copy.read_bytes()


def killed(town, tap):
    """The scheduler is killed, and comes back: loactl goes on by itself."""
    path = town.folder / "large.wav"
    write_large(path, 400)
    version = make_version(town)
    sender = begin(town, version, path)
    there = stop_in_the_middle(town, tap, sender, path.stat().st_size)
    town.district.scheduler.kill()
    sender.send_signal(signal.SIGCONT)
    spoken = town.district.state / "incoming/spoken"
    town.district._as("scheduler", "sh", "-c", 'mkdir -p "$0" && touch -d "2 days ago" "$0/old" '
                      '&& touch "$0/new"', spoken)
    town.district.start()
    tap.ok(town.district._as("scheduler", "ls", spoken).split() == ["new"],
           "of speech that was coming from a station, what is old is gone")
    tap.ok(size_there(town) >= there, "what was acknowledged is there after the restart",
           [size_there(town), there])
    words, trouble = sender.communicate(timeout=120)
    tap.ok(sender.returncode == 0, "loactl ended well", [words, trouble])
    tap.ok(original_hash(town, version) == path.read_bytes(), "the whole is what was sent")
    tap.ok(size_there(town) == 0, "nothing is left of the parts")


def given_up(town, tap):
    """loactl itself is ended; the same command again goes on."""
    path = town.folder / "other.wav"
    write_large(path, 500)
    version = make_version(town)
    sender = begin(town, version, path)
    there = stop_in_the_middle(town, tap, sender, path.stat().st_size)
    sender.kill()
    sender.communicate(timeout=60)
    again = begin(town, version, path)
    wait_until(lambda: size_there(town) > there or again.poll() is not None, 60, "it to go on")
    words, trouble = again.communicate(timeout=120)
    tap.ok(again.returncode == 0, "the second one ended well", [words, trouble])
    tap.ok(original_hash(town, version) == path.read_bytes(), "the whole is what was sent")


if __name__ == "__main__":
    sys.exit(rig.run([killed, given_up], {}))
