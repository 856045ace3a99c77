#!/usr/bin/python3
"""test-local-page.py BUILD [UNIT-WALLS]: the station's own page by clicks, with no district.

Real page, player and gateway, a simulated board and card; nothing answers on the line upwards.
The page has no system call that the filter of its unit takes away.
"""
import pathlib
import subprocess
import sys
import tempfile
import types

from stage import play

BUILD = pathlib.Path(sys.argv[1]).resolve()
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/systemd"))
import walls  # noqa: E402


def walls_of(folder):
    """What stands before the page's command line; nothing where sanitizers need every call."""
    if len(sys.argv) < 3:
        return []
    names = pathlib.Path(folder) / "loa-page.calls"
    names.write_text("\n".join(sorted(walls.allowed(ROOT / "systemd/loa-page.service"))) + "\n")
    return [sys.argv[2], str(names)]


def story(folder):
    site = subprocess.Popen([BUILD / "tests/player/loa-page-site", *walls_of(folder)], text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(word):
        site.stdin.write(f"{word}\n")
        site.stdin.flush()
        return site.stdout.readline()

    try:
        port = next(line for line in site.stdout if line.startswith("ready ")).split()[1]
        here = types.SimpleNamespace(url=f"https://127.0.0.1:{port}", area="", folder="/invalid")
        return play(["--test-reporter=./tap.mjs", "local-page.story.mjs"], here, {},
                    {"/heard": lambda: {"n": int(ask("heard"))}})
    finally:
        site.stdin.close()
        site.wait(30)


with tempfile.TemporaryDirectory(prefix="loa-page-") as scratch:
    sys.exit(story(scratch))
