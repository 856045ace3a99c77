#!/usr/bin/python3
"""count.py JUNIT STATUS: the closing line of ./dev test, counted from what the runner wrote.

Every TAP line counts once. A program that crashed, hung or printed nothing counts as failed
even when its log names no failed case.
"""
import sys
import xml.etree.ElementTree as xml


def main():
    path, runner_status = sys.argv[1], int(sys.argv[2])
    passed = failed = skipped = 0
    try:
        suites = xml.parse(path).getroot().iter("testsuite")
    except (OSError, xml.ParseError) as error:
        print(f"no result of the test runner: {error}")
        print("0 passed, 1 failed")
        return 1
    for suite in suites:
        bad_here = 0
        for case in suite.iter("testcase"):
            if case.find("failure") is not None or case.find("error") is not None:
                bad_here += 1
            elif case.find("skipped") is not None:
                skipped += 1
            else:
                passed += 1
        declared = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        failed += max(bad_here, declared)
    if runner_status != 0 and failed == 0:
        failed = 1
    if passed == 0:
        failed = max(failed, 1)
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


sys.exit(main())
