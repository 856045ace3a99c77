#!/usr/bin/python3
"""test-recurrence.py PROGRAM: our dates against those of an independent implementation.

Random rules of our subset, always the same ones, are expanded by python3-dateutil from their
first day and by ours from the asked range alone. Prints TAP.
"""
import datetime
import random
import re
import subprocess
import sys

from dateutil import rrule

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
FIRST = datetime.date(2019, 1, 1)
N_RULES = 250


def some(rng, values, most):
    return ",".join(map(str, rng.sample(values, rng.randint(1, most))))


def weekdays(rng, freq, in_month):
    names = rng.sample(WEEKDAYS, rng.randint(1, 3))
    if freq not in ("MONTHLY", "YEARLY") or rng.random() < 0.5:
        return ",".join(names)
    limit = 5 if in_month else 53
    ordinals = [n for n in range(-limit, limit + 1) if n]
    return ",".join(f"{rng.choice(ordinals)}{n}" for n in names)


def make_rule(rng, freq):
    parts = [f"FREQ={freq}"]
    if rng.random() < 0.5:
        parts.append(f"INTERVAL={rng.choice([1, 2, 3, 4, 5, 7, 12])}")
    by_month = freq != "WEEKLY" and rng.random() < 0.3 or rng.random() < 0.1
    if by_month:
        parts.append("BYMONTH=" + some(rng, list(range(1, 13)), 4))
    has_days = False
    if rng.random() < 0.6:
        parts.append("BYDAY=" + weekdays(rng, freq, freq == "MONTHLY" or by_month))
        has_days = True
    if (freq == "MONTHLY" or freq == "YEARLY" and by_month) and rng.random() < 0.4:
        values = [n for n in range(-31, 32) if n]
        parts.append("BYMONTHDAY=" + some(rng, values, 4))
        has_days = True
    if freq in ("MONTHLY", "YEARLY") and has_days and "BYMONTHDAY" not in parts[-1] and rng.random() < 0.3:
        parts.append("BYSETPOS=" + some(rng, [-2, -1, 1, 2, 3], 2))
    if rng.random() < 0.2:
        parts.append("WKST=" + rng.choice(WEEKDAYS))
    ending = rng.random()
    if ending < 0.2:
        parts.append(f"COUNT={rng.randint(1, 300)}")
    elif ending < 0.4:
        parts.append(f"UNTIL=20{rng.randint(20, 40)}{rng.randint(1, 12):02}15")
    return ";".join(parts)


def end_text(until, end):
    return f";UNTIL={min(until[7:], end.strftime('%Y%m%d'))}"


def expected(rule, first, start, end):
    midnight = datetime.time()
    if "COUNT" not in rule:
        # Without it dateutil looks for a date that never comes until the year 9999.
        rule = re.sub(";UNTIL=[0-9]*", lambda m: end_text(m.group(0), end), rule + (
            "" if "UNTIL" in rule else ";UNTIL=99991231"))
    rule = rrule.rrulestr(rule, dtstart=datetime.datetime.combine(first, midnight))
    days = []
    for at in rule:
        if at.date() > end:
            break
        if at.date() >= start:
            days.append(str(at.date()))
    return days


def never_soon(rule, first):
    """dateutil finds nothing in the 50 years either."""
    return not expected(rule, first, first, first + datetime.timedelta(days=50 * 366))


def main():
    rng = random.Random(20260302)
    questions = []
    for _ in range(N_RULES):
        freq = rng.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
        first = FIRST + datetime.timedelta(days=rng.randint(0, 1500))
        start = first + datetime.timedelta(days=rng.randint(-30, 4000))
        end = start + datetime.timedelta(days=rng.choice([17, 90, 800]))
        questions.append((make_rule(rng, freq), first, start, end))
    text = "".join(" ".join(map(str, q)) + "\n" for q in questions)
    answers = subprocess.run([sys.argv[1]], input=text, capture_output=True, text=True,
                             check=True).stdout.split("\n")
    bad = refused = dates = 0
    for (rule, first, start, end), answer in zip(questions, answers):
        if answer.startswith("refused"):
            refused += 1
            if "no date" not in answer or not never_soon(rule, first):
                print(f"# {rule} from {first}: {answer}")
                bad += 1
            continue
        want = expected(rule, first, start, end)
        dates += len(want)
        if answer.split() != want:
            print(f"# {rule} from {first}, asked {start} to {end}")
            print(f"#   ours {answer.split()[:8]} dateutil {want[:8]}")
            bad += 1
    print("1..2")
    print(f"{'ok' if bad == 0 else 'not ok'} 1 - {N_RULES} rules, {dates} dates, "
          f"{refused} rightly without any, {bad} differ")
    print(f"{'ok' if dates > 2000 and refused < N_RULES / 4 else 'not ok'} 2 - enough compared")


main()
