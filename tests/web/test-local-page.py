#!/usr/bin/python3
"""test-local-page.py BUILD: the station's own page by clicks, with the district out of reach.

Real page, player and gateway, a simulated board and card; nothing answers on the line upwards.
"""
import pathlib
import subprocess
import sys
import types

from stage import play

BUILD = pathlib.Path(sys.argv[1]).resolve()


def main():
    site = subprocess.Popen([BUILD / "tests/player/loa-page-site"], text=True,
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


sys.exit(main())
