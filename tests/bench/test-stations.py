#!/usr/bin/python3
"""test-stations.py BUILD: what is measured at stations, once and small, so that it does not rot.

The bounds themselves are for ./dev bench on a machine that does nothing else. Prints TAP.
"""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import kills
import language
import minute
import rows

TAP = {"n": 0, "failed": 0}


def ok(is_good, what, detail):
    TAP["n"] += 1
    TAP["failed"] += not is_good
    print(f"{'ok' if is_good else 'not ok'} {TAP['n']} - {what}", flush=True)
    if not is_good:
        print(f"# {json.dumps(detail)}", flush=True)


S = 1_000_000
SOUNDS = [{"from_utc_us": 10 * S, "duration_us": 2 * S, "hz": 500},
          {"from_utc_us": 13 * S, "duration_us": 2 * S, "hz": 1000}]
#  relay, is on, monotonic µs; the wall clock is one second ahead
COILS = [(1, True, 8 * S), (1, False, 11 * S), (2, True, 11 * S + S // 2), (2, False, 15 * S)]
RECORDS = [{"zone": "lang-bahnar", "relay": "closed", "relay_read_us": 9 * S},
           {"zone": "lang-jrai", "relay": "closed", "relay_read_us": 12 * S + S // 2}]


def without(records, number, **changes):
    return [{**r, **changes} if i == number else r for i, r in enumerate(records)]


#  why, sounds, coils, records, what is found
JUDGED = [
    ("all is well", SOUNDS, COILS, RECORDS,
     {"silences": [1000], "offs": [0, 1000], "unconfirmed": 0, "overlaps": 0}),
    ("the first village is still on when the second language begins", SOUNDS,
     [COILS[0], (1, False, 12 * S + 1), *COILS[2:]], RECORDS,
     {"silences": [1000], "offs": [1000.001, 1000], "unconfirmed": 0, "overlaps": 1}),
    ("a relay closes after the first sample", SOUNDS,
     [*COILS[:2], (2, True, 12 * S + 1), COILS[3]], RECORDS,
     {"silences": [1000], "offs": [0], "unconfirmed": 1, "overlaps": 0}),
    ("a relay was read back after the first sample only", SOUNDS, COILS,
     without(RECORDS, 1, relay_read_us=13 * S + 1),
     {"silences": [1000], "offs": [0, 1000], "unconfirmed": 1, "overlaps": 0}),
    ("a relay was not read as closed", SOUNDS, COILS, without(RECORDS, 0, relay="unknown"),
     {"silences": [1000], "offs": [0, 1000], "unconfirmed": 1, "overlaps": 0}),
]


def judging():
    for why, sounds, coils, records, expected in JUDGED:
        found = language.judge(sounds, coils, records, S)
        ok(found == expected, why, found)


def changing(build):
    said = language.measure(build, 2)
    ok(len(said["silences"]) == 3 and said["unconfirmed"] == said["overlaps"] == 0,
       "two items, three changes, all confirmed, none in the wrong village", said)
    ok(len(rows.language(said, 300)) == 5, "five rows of it", said)


def playing(build):
    cpu_s, rss_mib = minute.measure(build, 3)
    ok(0 < cpu_s < 3 and rss_mib > 5, "the player's CPU and memory were read", [cpu_s, rss_mib])


def killing(build):
    spans = kills.measure(build, 6, 2, 300)
    ok({kind: len(s) for kind, s in spans.items()} ==
       {"player-killed": 2, "player-stopped": 2, "gateway-killed-timed": 1,
        "gateway-killed-restarted": 1}, "six moments at two stations, every kind", spans)
    ok(all(0 < span < kills.PATIENCE_S for s in spans.values() for span in s),
       "the relays opened after each", spans)


def main():
    build = pathlib.Path(sys.argv[1])
    judging()
    changing(build)
    playing(build)
    killing(build)
    print(f"1..{TAP['n']}")
    return 1 if TAP["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
