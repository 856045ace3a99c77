#!/usr/bin/python3
"""check-catalog.py ROOT: every event has its text in systemd/loa.catalog, and the other way round.

Events are rows { "32 hex digits", "name", G_LOG_LEVEL_… } anywhere in the sources. Prints TAP.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

FOLDERS = ("content", "gateway", "player", "scheduler")
EVENT = re.compile(r'\{\s*"([0-9a-f]{32})",\s*"([^"]*)",\s*G_LOG_LEVEL_(\w+)\s*[,}]')
ENTRY = re.compile(r"^-- ([0-9a-f]{32})(?: (\w+))?$", re.M)


def read_events(root):
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.[ch]")):
            for row in EVENT.finditer(path.read_text(encoding="utf-8")):
                yield path.relative_to(root), *row.groups()


def check_events(events):
    ids, names = set(), set()
    for path, id_, name, level in events:
        if id_ in ids:
            yield f"{path}: {name}: the id {id_} is taken"
        if name in names:
            yield f"{path}: the name {name} is taken"
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
            yield f"{path}: \"{name}\" is not made of words joined by hyphens"
        if level not in ("MESSAGE", "INFO"):
            yield f"{path}: {name}: {level} is for our own bugs"
        ids.add(id_)
        names.add(name)


def check_entries(events, text):
    heads = [(m.group(1), m.group(2), m.end()) for m in ENTRY.finditer(text)]
    ends = [m.start() for m in ENTRY.finditer(text)][1:] + [len(text)]
    known = {id_ for _, id_, _, _ in events}
    seen = set()
    for (id_, language, start), end in zip(heads, ends):
        head, _, body = text[start:end].lstrip("\n").partition("\n\n")
        if (id_, language) in seen:
            yield f"{id_} {language or ''}: stands there twice"
        if id_ not in known:
            yield f"{id_}: no event has this id"
        if not re.search(r"^Subject: \S", head, re.M) or "Defined-By: loa" not in head:
            yield f"{id_}: needs a Subject and Defined-By: loa"
        if len(body.split()) < 5:
            yield f"{id_}: says nothing to the person who reads it"
        seen.add((id_, language))
    for path, id_, name, _ in events:
        if (id_, None) not in seen:
            yield f"{path}: {name}: no entry \"-- {id_}\" in systemd/loa.catalog"


def check_compiles(path):
    """journalctl reads the file as it will on the machine it is installed on."""
    with tempfile.TemporaryDirectory() as root:
        folder = pathlib.Path(root, "usr/lib/systemd/catalog")
        folder.mkdir(parents=True)
        pathlib.Path(root, "var/lib/systemd/catalog").mkdir(parents=True)
        shutil.copy(path, folder)
        done = subprocess.run(["journalctl", "--update-catalog", "--root=" + root], text=True,
                              capture_output=True, check=False)
        listed = subprocess.run(["journalctl", "--list-catalog", "--root=" + root], text=True,
                                capture_output=True, check=False).stdout
    if done.returncode != 0 or done.stderr:
        yield f"journalctl: {done.stderr.strip()}"
    for id_, language in set(ENTRY.findall(path.read_text(encoding="utf-8"))):
        if not language and id_ not in listed:
            yield f"journalctl does not list {id_}"


def main():
    root = pathlib.Path(sys.argv[1])
    path = root / "systemd/loa.catalog"
    events = list(read_events(root))
    results = [
        ("there are events", [] if events else ["none found in the sources"]),
        ("events are distinct", list(check_events(events))),
        ("every event has a text", list(check_entries(events, path.read_text(encoding="utf-8")))),
    ]
    if shutil.which("journalctl"):
        results.append(("journalctl compiles the catalog", list(check_compiles(path))))
    print(f"1..{len(results)}")
    for n, (what, complaints) in enumerate(results, 1):
        for complaint in complaints:
            print(f"# {complaint}")
        print(f"{'not ok' if complaints else 'ok'} {n} - {what}")


main()
