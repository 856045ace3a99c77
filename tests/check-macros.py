#!/usr/bin/python3
"""check-macros.py ROOT: no clock is asked inside of MAX, MIN, CLAMP or ABS.

They write their arguments out more than once, so the clock is asked more than once too, and what
was found to be in the future at first may be past the second time: MAX(until - now(), 0) is
negative then, once in many thousand times, and poll(2) waits for ever. Prints TAP.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
FOLDERS = ("content", "gateway", "player", "scheduler", "tests")
MACRO = re.compile(r"\b(?:MAX|MIN|CLAMP|ABS)\(")
CLOCK = re.compile(r"\b(?:now_\w+|g_get_(?:real|monotonic)_time|clock_gettime|time"
                   r"|content_clock_(?:utc|monotonic)_us)\(")


def call_at(text, at):
    """The call that begins at @at, to its closing bracket."""
    depth = 0
    for end in range(text.index("(", at), len(text)):
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        if depth == 0:
            return text[at:end + 1]
    return text[at:]


def complaints(name, text):
    for found in MACRO.finditer(text):
        call = call_at(text, found.start())
        if CLOCK.search(call):
            line = text.count("\n", 0, found.start()) + 1
            yield f"{name}:{line}: {' '.join(call.split())}"


def main():
    bad = [words for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.[ch]"))
           for words in complaints(path.relative_to(ROOT), path.read_text(encoding="utf-8"))]
    seen = list(complaints("x.c", "wait = MAX(\n    next - now_ns(), 0);\nmost = MAX(now_us, 0);\n"))
    print("1..2")
    for words in bad:
        print(f"# {words}")
    print(f"{'not ok' if bad else 'ok'} 1 - no clock is asked twice")
    print(f"{'ok' if len(seen) == 1 and seen[0].startswith('x.c:1: ') else 'not ok'} 2 - "
          "one would be noticed")
    return 1 if bad or len(seen) != 1 else 0


if __name__ == "__main__":
    sys.exit(main())
