#!/usr/bin/python3
"""check-includes.py ROOT: pure folders stay pure, and the arrows between folders point one way.

content/base <- content <- every daemon; never a daemon to a daemon. A pure file includes no
header that reaches a clock, file, log, bus or network. Prints TAP.
"""
import pathlib
import re
import sys

DAEMONS = ("scheduler", "player", "gateway")
PURE = ("scheduler/plan/", "scheduler/cap/", "scheduler/report/delivery.",
        "scheduler/report/words.", "scheduler/report/alert-state.",
        "scheduler/message/address.", "scheduler/message/decide.",
        "scheduler/message/event.", "scheduler/message/letter.",
        "player/cue/", "player/output/watch.", "gateway/relay/", "player/intake/verify.",
        "player/intake/intake-core.", "player/intake/places.",
        "player/intake/trust-core.", "player/page/talk.", "player/page/watch.")
PURE_CONTENT = ("kinds", "document", "plan", "manifest", "record", "heartbeat", "exchange",
                "lease", "language", "language-text", "language-sort", "registry",
                "document-member", "document-syntax", "document-read", "document-write",
                "document-rows", "source-address", "claim", "enrolment-code", "alert", "template")
IMPURE = re.compile(r"<(sqlite3|gst/|alsa/|modbus|microhttpd|curl/|mosquitto|gio/|glib-unix|"
                    r"sys/|fcntl|unistd|time\.h|poll|stdio|systemd/)|"
                    r'"content/(base/(clock|files|settings|events|notify)|object-store)')
IMPURE_CALLS = re.compile(r"\b(g_get_real_time|g_get_monotonic_time|g_date_time_new_now\w*|"
                          r"g_message|g_warning|g_info|g_debug|fopen|open|g_file_get_contents|"
                          r"clock_gettime|getenv|g_getenv|g_random_\w+)\s*\(")


def is_pure(path):
    if path.startswith(PURE):
        return True
    return path.startswith("content/") and pathlib.PurePath(path).stem in PURE_CONTENT \
        and path.count("/") == 1


def strip_comments(text):
    keep_lines = lambda m: re.sub(r"[^\n]", " ", m.group(0))
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"',
                  lambda m: m.group(0) if m.group(0)[0] == '"' else keep_lines(m), text,
                  flags=re.S)


def complaints_of(path, text):
    text = strip_comments(text)
    top = path.split("/")[0]
    for number, line in enumerate(text.splitlines(), 1):
        where = f"{path}:{number}"
        if match := re.match(r'\s*#\s*include\s+"([^"]+)"', line):
            target = match.group(1)
            if "/" not in target and not target.endswith("-sql.h"):
                yield f"{where}: include {target} from the root, with its folder"
            if target.split("/")[0] in DAEMONS and target.split("/")[0] != top:
                yield f"{where}: {top} must not know {target}"
            if path.startswith("content/base/") and target.startswith("content/") \
                    and not target.startswith("content/base/"):
                yield f"{where}: content/base must not know {target}"
            if is_pure(path) and target.split("/")[0] in DAEMONS \
                    and not is_pure(target):
                yield f"{where}: a pure folder must not know the port {target}"
        if is_pure(path):
            if "#" in line and IMPURE.search(line):
                yield f"{where}: not pure: {line.strip()}"
            bare = re.sub(r'"(?:\\.|[^"\\])*"', '""', line)
            if match := IMPURE_CALLS.search(bare):
                yield f"{where}: not pure: calls {match.group(1)}"
        if re.search(r"\bgoto\s+\w+\s*;", line):
            yield f"{where}: goto; let scope do the clean-up"


def main():
    root = pathlib.Path(sys.argv[1])
    folders = ("content",) + DAEMONS
    files = sorted(f for d in folders for f in (root / d).rglob("*.[ch]"))
    print(f"1..{len(folders)}")
    for n, folder in enumerate(folders, 1):
        bad = [c for f in files if f.relative_to(root).parts[0] == folder
               for c in complaints_of(str(f.relative_to(root)), f.read_text(encoding="utf-8"))]
        for complaint in bad:
            print(f"# {complaint}")
        print(f"{'not ok' if bad else 'ok'} {n} - includes of {folder}/")


main()
