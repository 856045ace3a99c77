#!/usr/bin/python3
"""count.py count STATUS LOG [AGAIN] | failed LOG: what ./dev test says at its end.

LOG is the base of the runner's reports, LOG.json (a verdict a program) and LOG.junit.xml (its
cases). count prints the closing line: every TAP line counts once, and a program that crashed,
hung or printed nothing counts as failed even when its log names no failed case. AGAIN reports
on programs that failed beside others and were run once more alone. One that passed then is
unsteady: it is named before the closing line, and its second verdict replaces the first, but
not where there are more than UNSTEADY_MAX of them. failed prints the names of those that
failed.
"""
import json
import re
import sys
import xml.etree.ElementTree as xml

# A busy machine cheats one measured test, perhaps two; more is no accident.
UNSTEADY_MAX = 2
GOOD = ("OK", "SKIP", "EXPECTEDFAIL")


def count_cases(cases):
    """passed, failed and skipped"""
    passed = failed = skipped = 0
    for case in cases:
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def read_xml(path):
    """What programs print goes into the report as it is, colours of a terminal and all."""
    with open(path, encoding="utf-8", errors="replace") as file:
        return xml.fromstring(re.sub("[^\t\n\r -\ud7ff\ue000-\ufffd]", "?", file.read()))


def read_cases(path):
    """name of a program -> counts; one that left no case of its own stands in a common suite"""
    counts = {}
    for suite in read_xml(path).iter("testsuite"):
        if " / " in suite.get("name"):
            counts[suite.get("name").split(" / ")[-1]] = count_cases(suite.iter("testcase"))
            continue
        for case in suite.iter("testcase"):
            counts[case.get("name").split(" / ")[-1]] = count_cases([case])
    return counts


def read_report(base):
    """name of a program -> counts; what the runner calls bad has at least one failure"""
    counts = read_cases(base + ".junit.xml")
    with open(base + ".json", encoding="utf-8", errors="replace") as lines:
        for line in lines:
            verdict = json.loads(line)
            name = verdict["name"].split(" / ")[-1]
            passed, failed, skipped = counts.get(name, (0, 0, 0))
            if verdict["result"] not in GOOD:
                failed = max(failed, 1)
            counts[name] = (passed, failed, skipped)
    return counts


def failed_of(counts):
    return [name for name, (_, failed, _) in counts.items() if failed > 0]


def print_count(status, base, again=None):
    try:
        counts = read_report(base)
        second = read_report(again) if again else {}
    except (OSError, ValueError, xml.ParseError) as error:
        print(f"no result of the test runner: {error}")
        print("0 passed, 1 failed")
        return 1
    unsteady = [name for name in second if name not in failed_of(second)]
    counts.update((name, second[name]) for name in second
                  if name not in unsteady or len(unsteady) <= UNSTEADY_MAX)
    if unsteady:
        print(f"unsteady: {len(unsteady)} failed beside others and passed alone"
              f"{'' if len(unsteady) <= UNSTEADY_MAX else ', too many to be forgiven'}: "
              f"{', '.join(unsteady)}")
    passed, failed, skipped = (sum(n) for n in zip(*counts.values())) if counts else (0, 0, 0)
    if status != 0 and failed == 0 or passed == 0:
        failed = max(failed, 1)
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


def main():
    if sys.argv[1] == "failed":
        print("\n".join(failed_of(read_report(sys.argv[2]))))
        return 0
    return print_count(int(sys.argv[2]), *sys.argv[3:])


sys.exit(main())
