#!/usr/bin/python3
"""check-walls.py UNIT-WALLS LOA-DECODE RADIO: a radio is decoded behind the walls of the player's unit.

loa-decode is a child of loa-player: what the unit's SystemCallFilter= takes away, it has not
either, and it needs calls of its own to give up what is left (seccomp, Landlock).
"""
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/systemd"))
import walls  # noqa: E402

SECONDS = 5  # of the six that the radio holds


def decode(unit_walls, program, radio, names):
    with tempfile.TemporaryDirectory(prefix="loa-decode-") as folder:
        path = pathlib.Path(folder) / "calls"
        path.write_text("\n".join(sorted(names)) + "\n")
        done = subprocess.run([unit_walls, path, program, "mp3"], input=radio, timeout=60,
                              capture_output=True)
    return done.returncode, len(done.stdout) / 2 / 48000, done.stderr.decode(errors="replace")


def main():
    unit_walls, program, radio = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]).read_bytes()
    names = walls.allowed(ROOT / "systemd/loa-player.service")
    code, seconds, words = decode(unit_walls, program, radio, names)
    print("1..2")
    for line in words.splitlines():
        print(f"# {line}")
    print(f"{'ok' if code == 0 and seconds >= SECONDS else 'not ok'} 1 - decoded behind the "
          f"walls: exit {code}, {seconds:.1f} s of sound")
    code, seconds, words = decode(unit_walls, program, radio, names - {"landlock_create_ruleset"})
    print(f"{'ok' if code != 0 and seconds == 0 else 'not ok'} 2 - where it cannot be confined, "
          f"it decodes nothing: exit {code}, {words.strip()}")


main()
