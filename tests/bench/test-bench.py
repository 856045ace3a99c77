#!/usr/bin/python3
"""test-bench.py: ./dev bench says what was measured, and never what was not.

Stand-ins for the measurement programs print what real ones printed once. Prints TAP.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

BENCH = pathlib.Path(__file__).parent / "bench.py"
PLAN = {"bench": "plan", "stations": 200, "days": 16, "segments": 192000, "all_s": 0.3,
        "one_station_ms": 3.0, "of_it_index_ms": 1.8}


def run(program, *names):
    """Runs bench.py over a build folder whose bench-plan is this shell script."""
    with tempfile.TemporaryDirectory() as folder:
        build = pathlib.Path(folder)
        (build / "tests/bench").mkdir(parents=True)
        if program is not None:
            path = build / "tests/bench/bench-plan"
            path.write_text("#!/bin/sh\n" + program, encoding="utf-8")
            path.chmod(0o755)
        done = subprocess.run([sys.executable, BENCH, "--build", build, *names],
                              capture_output=True, text=True, check=False)
        report = build / "bench.json"
        return done, json.loads(report.read_text()) if report.exists() else None


def said(figures):
    return f"echo '{json.dumps(figures)}'"


def within():
    done, report = run(said(PLAN), "plan")
    return done.returncode == 0 and [r["ok"] for r in report["rows"]] == [True, True] \
        and report["machine"]["cores"] > 0 and "0.3 s" in done.stdout


def over():
    done, report = run(said(PLAN | {"all_s": 0.6}), "plan")
    return done.returncode == 1 and [r["ok"] for r in report["rows"]] == [False, True] \
        and "MISSED" in done.stdout


def silent():
    done, report = run("echo no card >&2; exit 3", "plan")
    return done.returncode == 1 and not report["rows"] and "no card" in report["failed"]["plan"]


def not_built():
    done, report = run(None, "plan")
    return done.returncode == 1 and not report["rows"] and "not built" in report["failed"]["plan"]


def nothing_yet():
    done, report = run(None, "suite")
    return done.returncode == 0 and "has run here yet" in report["skipped"]["suite"] \
        and "left out" in done.stdout


def peer_absent():
    """Nothing of a build is there, so that it cannot play even where it is installed."""
    done, report = run(None, "mpd")
    return done.returncode == 0 and not report["failed"] and report["skipped"]["mpd"] != ""


def unknown():
    done, report = run(None, "plane")
    return done.returncode == 2 and report is None and "plane" in done.stderr


def main():
    checks = [within, over, silent, not_built, nothing_yet, peer_absent, unknown]
    print(f"1..{len(checks)}")
    for n, check in enumerate(checks, 1):
        print(f"{'ok' if check() else 'not ok'} {n} - {check.__name__}")


main()
