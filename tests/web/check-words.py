#!/usr/bin/python3
"""check-words.py ROOT: every word of the pages is in every catalogue.

Static, without a browser: names of words in the code, the catalogues, the list of files that is
built into the program.
"""
import json
import pathlib
import re
import sys

# t('a.b') and tables that name words: 'nav.today'
USE = re.compile(r"\bt\('([a-z0-9_.-]+)'")
NAMED = re.compile(r"words: '([a-z0-9_.-]+)'")
PLACE = re.compile(r"\{(\w+)\}")


def catalogue(path):
    pairs = json.loads(path.read_text(), object_pairs_hook=list)
    names = [name for name, _ in pairs]
    return dict(pairs), sorted({name for name in names if names.count(name) > 1})


def report(number, name, wrong):
    print(f"{'not ok' if wrong else 'ok'} {number} - {name}")
    for line in wrong:
        print(f"# {line}")
    return bool(wrong)


def main():
    pages = pathlib.Path(sys.argv[1]) / "scheduler/web/pages"
    code = {path.relative_to(pages): path.read_text() for path in pages.rglob("*.js")
            if path.parent.name != "vendor"}
    words = {path.stem: catalogue(path) for path in sorted((pages / "words").glob("*.json"))}
    vi, _ = words["vi"]
    print("1..4")
    bad = report(1, "every catalogue has the same words, each once",
                 [f"{tongue}: twice: {twice}" for tongue, (_, twice) in words.items() if twice] +
                 [f"{tongue} differs: {sorted(set(rows) ^ set(vi))}"
                  for tongue, (rows, _) in words.items() if set(rows) != set(vi)])
    bad |= report(2, "what is filled in has the same names in every catalogue",
                  [f"{name}: {tongue}" for name in vi for tongue, (rows, _) in words.items()
                   if sorted(PLACE.findall(rows.get(name, ""))) != sorted(PLACE.findall(vi[name]))])
    used = {(name, path) for path, text in code.items()
            for name in USE.findall(text) + NAMED.findall(text)}
    bad |= report(3, "every word that the code asks for is there",
                  [f"{path}: {name}" for name, path in sorted(used) if name not in vi])
    listed = set(re.findall(r"<file>(.*)</file>", (pages / "pages.gresource.xml").read_text()))
    there = {str(path.relative_to(pages)) for path in pages.rglob("*") if path.suffix in
             (".js", ".css", ".json", ".html", ".svg", ".woff2", ".txt")}
    bad |= report(4, "every file is built in, and every file built in is there",
                  sorted(listed ^ there))
    return 1 if bad else 0


sys.exit(main())
