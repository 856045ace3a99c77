#!/usr/bin/python3
"""test-shipped.py BUILD: the fast clock is in the test programs and nowhere in what is installed.

Looks for the seams' symbols and strings in every program; TAP. The test programs are looked at
too, so that a word that is spelt wrong here does not pass for one that is absent.
"""
import pathlib
import sys

WORDS = [b"LOA_TEST_CLOCK", b"test_scaled_clock_new", b"__wrap_g_get_real_time"]
PAIRS = [
    ("scheduler/loa-scheduler", "tests/fast/loa-scheduler-fast"),
    ("player/loa-player", "tests/fast/loa-player-fast"),
    ("gateway/loa-gateway", "tests/fast/loa-gateway-fast"),
]


def main():
    build = pathlib.Path(sys.argv[1])
    print(f"1..{2 * len(PAIRS)}")
    failed = False
    for number, (shipped, fast) in enumerate(PAIRS):
        inside = [w.decode() for w in WORDS if w in (build / shipped).read_bytes()]
        absent = [w.decode() for w in WORDS if w not in (build / fast).read_bytes()]
        for offset, name, found in ((1, f"{shipped} has no fast clock", inside),
                                    (2, f"{fast} has one", absent)):
            failed = failed or bool(found)
            print(f"{'not ok' if found else 'ok'} {2 * number + offset} - {name}"
                  + (f" # {', '.join(found)}" if found else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
