#!/usr/bin/python3
"""test-count.py: what ./dev test says at its end, of reports as the test runner writes them.

Each case is a first run of some programs, perhaps a second one of those that failed, and the
lines that must come of it. Prints TAP.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
from xml.sax.saxutils import quoteattr

COUNT = pathlib.Path(__file__).resolve().parent / "count.py"
ONE_BAD = {"steady": "oo", "shaky": "of"}
THREE_BAD = {"steady": "oo", "one": "of", "two": "f", "three": "oof"}
UNSTEADY = "failed beside others and passed alone"


def write_report(base, programs, crashed=()):
    """@programs: name -> a letter a case: o passed, f failed, s skipped."""
    kinds = {"o": "", "f": "<failure/>", "s": "<skipped/>"}
    suites, verdicts = [], []
    for name, cases in programs.items():
        inside = "".join(f"<testcase name='{n}' classname={quoteattr(name)}>{kinds[letter]}"
                         "</testcase>" for n, letter in enumerate(cases))
        suites.append(f"<testsuite name={quoteattr('loa:some / ' + name)}>{inside}</testsuite>")
        result = "FAIL" if "f" in cases else "OK"
        verdicts.append({"name": f"loa:some / {name}",
                         "result": "TIMEOUT" if name in crashed else result})
    pathlib.Path(f"{base}.junit.xml").write_text(f"<testsuites>{''.join(suites)}</testsuites>")
    pathlib.Path(f"{base}.json").write_text("".join(json.dumps(v) + "\n" for v in verdicts))


# why, status of the last run, first run, second run, exit, the last lines
CASES = [
    ("all is well", 0, {"a": "ooo", "b": "os"}, None, 0, ["4 passed, 0 failed, 1 skipped"]),
    ("a case fails", 1, {"a": "oof"}, None, 1, ["2 passed, 1 failed"]),
    ("nothing ran", 0, {}, None, 1, ["0 passed, 1 failed"]),
    ("the runner says no more than that something went wrong", 1, {"a": "oo"}, None, 1,
     ["2 passed, 1 failed"]),
    ("one fails and passes alone: it counts as passed and is named", 0, ONE_BAD, {"shaky": "oo"},
     0, [f"unsteady: 1 {UNSTEADY}: shaky", "4 passed, 0 failed"]),
    ("it fails alone, too: nothing unsteady", 1, ONE_BAD, {"shaky": "of"}, 1,
     ["3 passed, 1 failed"]),
    ("two are forgiven", 0, {**ONE_BAD, "other": "f"}, {"shaky": "oo", "other": "o"}, 0,
     [f"unsteady: 2 {UNSTEADY}: shaky, other", "5 passed, 0 failed"]),
    ("three are not, and count as they first did", 0, THREE_BAD,
     {"one": "oo", "two": "o", "three": "ooo"}, 1,
     [f"unsteady: 3 {UNSTEADY}, too many to be forgiven: one, two, three",
      "5 passed, 3 failed"]),
    ("three fail, one of them for good", 1, THREE_BAD, {"one": "oo", "two": "o", "three": "oof"},
     1, [f"unsteady: 2 {UNSTEADY}: one, two", "7 passed, 1 failed"]),
    ("the second run never came to one that failed", 1, {**ONE_BAD, "other": "f"},
     {"shaky": "oo"}, 1, [f"unsteady: 1 {UNSTEADY}: shaky", "4 passed, 1 failed"]),
]


def count(folder, status, second):
    more = [folder / "again"] if second is not None else []
    done = subprocess.run([sys.executable, COUNT, "count", str(status), folder / "log", *more],
                          capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout.splitlines(), done.stderr


def check_case(folder, status, first, second, code, lines):
    write_report(folder / "log", first)
    if second is not None:
        write_report(folder / "again", second)
    got = count(folder, status, second)
    assert got == (code, lines, ""), got


def check_hung(folder):
    """A program that hung after its first good case."""
    write_report(folder / "log", {"a": "oo", "b": "o"}, crashed=("b",))
    assert count(folder, 1, None)[:2] == (1, ["3 passed, 1 failed"]), count(folder, 1, None)
    names = subprocess.run([sys.executable, COUNT, "failed", folder / "log"], timeout=60,
                           capture_output=True, text=True, check=True).stdout
    assert names == "b\n", names


def check_no_report(folder):
    code, lines, _ = count(folder, 0, None)
    assert code == 1 and lines[-1] == "0 passed, 1 failed", lines
    assert lines[0].startswith("no result of the test runner"), lines


def main():
    checks = [(why, check_case, rest) for why, *rest in CASES]
    checks += [("a program that hangs fails, whatever it printed", check_hung, []),
               ("no report is a failure", check_no_report, [])]
    failed = 0
    print(f"1..{len(checks)}")
    for number, (why, check, rest) in enumerate(checks, 1):
        with tempfile.TemporaryDirectory(prefix="loa-count-") as folder:
            try:
                check(pathlib.Path(folder), *rest)
                print(f"ok {number} - {why}")
            except AssertionError as error:
                failed += 1
                print(f"not ok {number} - {why}\n# {error}")
    return 1 if failed else 0


sys.exit(main())
