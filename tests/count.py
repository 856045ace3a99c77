#!/usr/bin/python3
"""count.py count STATUS JUNIT [AGAIN] | failed JUNIT: what ./dev test says at its end.

count: the closing line, from what the runner wrote; every TAP line counts once, and a program
that crashed, hung or printed nothing counts as failed even when its log names no failed case.
AGAIN is the report of programs that failed beside others and were run once more alone: its
verdicts replace the first ones, and the programs are named. failed: the names of the programs
that failed, one a line.
"""
import sys
import xml.etree.ElementTree as xml


def read_suites(path):
    """The runner's report: name of the program -> its element."""
    return {suite.get("name").split(" / ")[-1]: suite
            for suite in xml.parse(path).getroot().iter("testsuite")}


def count_suite(suite):
    """passed, failed and skipped of one program"""
    passed = failed = skipped = 0
    for case in suite.iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    declared = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    return passed, max(failed, declared), skipped


def failed_of(suites):
    return [name for name, suite in suites.items() if count_suite(suite)[1] > 0]


def print_count(status, path, again=None):
    try:
        suites = read_suites(path)
        second = read_suites(again) if again else {}
    except (OSError, xml.ParseError) as error:
        print(f"no result of the test runner: {error}")
        print("0 passed, 1 failed")
        return 1
    suites.update(second)
    healed = [name for name in second if name not in failed_of(second)]
    if healed:
        print(f"failed beside others, passed alone: {', '.join(healed)}")
    passed, failed, skipped = (sum(n) for n in zip(*map(count_suite, suites.values())))
    if status != 0 and failed == 0 or passed == 0:
        failed = max(failed, 1)
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


def main():
    if sys.argv[1] == "failed":
        print("\n".join(failed_of(read_suites(sys.argv[2]))))
        return 0
    return print_count(int(sys.argv[2]), *sys.argv[3:])


sys.exit(main())
