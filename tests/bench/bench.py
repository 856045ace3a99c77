#!/usr/bin/python3
"""bench.py [NAME …]: runs the measurements, prints one table, writes build/bench.json.

Without names everything is measured, in at most 20 minutes. Ends with 1 if a figure is over its
bound or could not be had; a measurement that this machine cannot do is left out and said so, and
so is a peer that does not play.
"""
import argparse
import json
import os
import os
import pathlib
import platform
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import fleet
import heard
import kills
import language
import minute
import peers
import rows

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOTAL_S = 20 * 60


def program(build, name, *arguments):
    """Runs a measurement program and returns the one JSON line it prints."""
    path = build / "tests/bench" / name
    if not path.exists():
        raise RuntimeError(f"{name} is not built")
    # Stations of the suite look for their files where it says.
    env = {**os.environ, "G_TEST_SRCDIR": str(ROOT / "tests"),
           "G_TEST_BUILDDIR": str(build.resolve() / "tests")}
    done = subprocess.run([path, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, check=False, cwd=build, env=env)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if len(lines) != 1:
        raise RuntimeError(f"{name} ended with {done.returncode}: {done.stderr[-400:]}")
    return json.loads(lines[0])


def bench_plan(build):
    return rows.plan(program(build, "bench-plan"))


def bench_publish(build):
    return rows.publish(program(build, "bench-round"))


def bench_output(build):
    return rows.output(program(build, "bench-output", build / "tests/support/tones.opus"))


def bench_alert(build):
    return rows.alert(program(build, "bench-alert", build / "tests/support/tones.opus", "10"))


def bench_button(build):
    return rows.button(program(build, "bench-button", "9600", "30"),
                       program(build, "bench-press", "5"))


def bench_page(build):
    return rows.page(program(build, "bench-page", "10"))


def bench_desk(build):
    return rows.desk(program(build, "bench-desk"))


def bench_week(build):
    """The schedule in a browser; left out where there is none."""
    if not pathlib.Path("/usr/bin/chromium").exists():
        raise rows.Skipped("no Chromium here")
    if not (ROOT / "tests/web/node_modules").exists():
        raise rows.Skipped("the browser's tests are not installed here")
    done = subprocess.run([sys.executable, ROOT / "tests/web/test-pages.py", build.resolve(),
                           "--bench", "bench-week.mjs"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False)
    if not done.stdout.startswith("{"):
        raise RuntimeError(f"bench-week ended with {done.returncode}: {done.stderr[-400:]}")
    return rows.week(json.loads(done.stdout))


def bench_suite(build):
    """What the last whole ./dev test and ./dev test --sanitize took on this machine."""
    took = {}
    for name, folder in (("test", build), ("test-sanitize", ROOT / "build-sanitize")):
        report = folder / "test-run.json"
        if report.exists():
            took[name] = json.loads(report.read_text(encoding="utf-8"))["seconds"]
    if not took:
        raise rows.Skipped("no whole ./dev test has run here yet")
    return rows.suite(took)


# name, function, time-out in seconds; the sum stays under TOTAL_S with peers and all
MEASUREMENTS = [
    ("plan", bench_plan, 60),
    ("publish", bench_publish, 120),
    ("output", bench_output, 240),
    ("alert", bench_alert, 120),
    ("button", bench_button, 90),
    ("page", bench_page, 60),
    *language.MEASUREMENTS,
    *heard.MEASUREMENTS,
    *minute.MEASUREMENTS,
    *kills.MEASUREMENTS,
    *fleet.MEASUREMENTS,
    *peers.MEASUREMENTS,
    ("desk", bench_desk, 90),
    ("week", bench_week, 90),
    ("suite", bench_suite, 10),
]
PEERS = {name for name, _, _ in peers.MEASUREMENTS}


# ---- one measurement in a process of its own, so that a time-out ends all it started ----------

def run_child(name, build):
    """What the child process does: one measurement, its rows as JSON on stdout."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # so that every `with` ends
    function = next(f for n, f, _ in MEASUREMENTS if n == name)
    try:
        json.dump({"rows": function(build)}, sys.stdout)
    except rows.Skipped as reason:
        json.dump({"skipped": str(reason)}, sys.stdout)


def measure(name, limit_s, build):
    """Returns the child's answer, or why there is none."""
    os.sync()  # what was built or measured a moment ago is written out: its disk time is not ours
    child = subprocess.Popen([sys.executable, __file__, "--child", name, "--build", str(build)],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        out, err = child.communicate(timeout=limit_s)
    except subprocess.TimeoutExpired:
        child.terminate()  # it ends what it started, then itself
        try:
            child.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
        return {"failed": f"no result within {limit_s} s"}
    if child.returncode != 0:
        return {"failed": err.strip().splitlines()[-1] if err.strip() else "no word"}
    return json.loads(out)


# ---- showing ------------------------------------------------------------------------------------

def machine():
    model = "unknown"
    for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    return {"cpu": model, "cores": os.cpu_count(), "kernel": platform.release(),
            "load": os.getloadavg()[0]}


def show_value(value, unit):
    if value is None:
        return "not measured"
    return f"{value:g} {unit}".strip()


def print_table(all_rows, skipped, failed):
    cells = [("what", "bound", "measured", "", "peers")]
    cells += [(r["what"], "≤ " + show_value(r["bound"], r["unit"]),
               show_value(r["value"], r["unit"]), "ok" if r["ok"] else "MISSED", r["peer"])
              for r in all_rows]
    widths = [max(len(line[i]) for line in cells) for i in range(4)]
    for line in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths + [0])).rstrip())
    for name, words in skipped.items():
        print(f"{name}: left out: {words}")
    for name, words in failed.items():
        print(f"{name}: FAILED: {words}")


def add_peers(all_rows, figures):
    """Puts what peers did beside our own figures of the same kind; returns what is left over."""
    for entry in all_rows:
        words = [f"{peer} {show_value(value, entry['unit'])}"
                 for peer, value in figures.pop(entry["name"], {}).items()]
        entry["peer"] = ", ".join(filter(None, [entry["peer"], *words]))
    return [f"{peer}: {name} {value:g}" for name, values in figures.items()
            for peer, value in values.items()]


def run_all(names, build):
    """Runs the named measurements; returns rows, skipped, failed, seconds of each."""
    all_rows, skipped, failed, figures, took = [], {}, {}, {}, {}
    began = time.monotonic()
    chosen = [m for m in MEASUREMENTS if not names or m[0] in names]
    for number, (name, _, limit_s) in enumerate(chosen, 1):
        left_s = TOTAL_S - (time.monotonic() - began)
        print(f"[{number}/{len(chosen)}] {name}, at most {limit_s} s …", end="", flush=True,
              file=sys.stderr)
        at = time.monotonic()
        answer = measure(name, min(limit_s, left_s), build) if left_s > 1 else {
            "failed": "no time was left"}
        took[name] = round(time.monotonic() - at)
        print(f" {took[name]} s", file=sys.stderr)
        for entry in answer.get("rows", []):
            if "peer_of" in entry:
                figures.setdefault(entry["peer_of"], {})[entry["peer_name"]] = entry["value"]
            else:
                all_rows.append(entry)
        if "failed" in answer and name in PEERS:
            answer = {"skipped": answer["failed"]}  # a peer's trouble is no miss of ours
        if "skipped" in answer:
            skipped[name] = answer["skipped"]
        if "failed" in answer:
            failed[name] = answer["failed"]
    for words in add_peers(all_rows, figures):
        print(words)  # only the peer was asked for
    return all_rows, skipped, failed, took


def main():
    parser = argparse.ArgumentParser(prog="./dev bench", description="measure Loa on this machine")
    parser.add_argument("names", nargs="*", metavar="NAME",
                        help=", ".join(m[0] for m in MEASUREMENTS))
    parser.add_argument("--build", default=str(ROOT / "build"), help=argparse.SUPPRESS)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    build = pathlib.Path(options.build).resolve()
    if options.child:
        run_child(options.child, build)
        return 0
    unknown = set(options.names) - {m[0] for m in MEASUREMENTS}
    if unknown:
        parser.error(f"no measurement is called {', '.join(sorted(unknown))}")
    where = machine()
    all_rows, skipped, failed, took = run_all(options.names, build)
    print(f"{where['cpu']}, {where['cores']} cores, Linux {where['kernel']}, "
          f"load {where['load']:.1f} at the start; {sum(took.values())} s of {TOTAL_S}")
    print_table(all_rows, skipped, failed)
    (build / "bench.json").write_text(json.dumps(
        {"machine": where, "rows": all_rows, "skipped": skipped, "failed": failed,
         "seconds": took},
        ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 1 if failed or not all(r["ok"] for r in all_rows) else 0


if __name__ == "__main__":
    sys.exit(main())
