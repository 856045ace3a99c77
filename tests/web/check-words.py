#!/usr/bin/python3
"""check-words.py ROOT: every word of the pages is in every catalogue.

Static, without a browser: names of words in the code, the catalogues, the modules that are asked
for, and the codes that the programs speak in.
"""
import json
import pathlib
import posixpath
import re
import sys

# t('a.b') and tables that name words: 'nav.today'
USE = re.compile(r"\bt\('([a-z0-9_.-]+)'")
NAMED = re.compile(r"words: '([a-z0-9_.-]+)'")
# import { html } from '../base/html.js', import('./views/today.js')
IMPORT = re.compile(r"(?:from |import\()'(\.[^']+)'")
PLACE = re.compile(r"\{(\w+)\}")
# { "fault.board_silent", "board {subject}: no answer" } of the catalogues in C
ROW = re.compile(r'^    \{ "((?:fault|reason|problem)\.[^"]+)",\s+"((?:[^"\\]|\\.)*)" \},$', re.M)
# sched_sql_audit_words(txn, "slot.stop", …)
AUDITED = re.compile(r"audit_(?:append|row|words)\([^;]*?;")
ACT = re.compile(r'"([a-z_-]+(?:\.[a-z_-]+)+)"')
SETTING = re.compile(r'\{ "([a-z-]+)", SCHED_SETTING_')
# { SCHED_STORE_ERROR_RULE, 403, "rule" }, and problems that are answered where they are met
MEANT = re.compile(r'_ERROR_\w+,\s+\d{3}, "([a-z-]+)"|'
                   r'content_call_problem(?:_at)?\(\s*[^;"]*?"([a-z-]+)"')


def catalogue(path):
    pairs = json.loads(path.read_text(), object_pairs_hook=list)
    names = [name for name, _ in pairs]
    return dict(pairs), sorted({name for name in names if names.count(name) > 1})


def spoken(root, folder):
    """What the programs say, by language."""
    return {tongue: dict(ROW.findall((root / folder / f"{tongue}.c").read_text()))
            for tongue in ("vi", "en")}


def refusals(root):
    """Every code of a refusal that the district can answer."""
    return {"problem." + (table or call) for folder in ("scheduler/web", "content/web")
            for path in (root / folder).glob("*.c")
            for table, call in MEANT.findall(path.read_text())}


def compare(root, words):
    """The pages say what a code means in words of their own; each has to be there, with the same
    arguments."""
    codes = spoken(root, "content/wording")
    wrong = [f"{tongue}: {name} is not in the pages' words" for tongue, rows in codes.items()
             for name in rows if name not in words[tongue][0]]
    wrong += [f"{tongue}: {name} fills in other names" for tongue, rows in codes.items()
              for name, text in rows.items() if name in words[tongue][0] and
              set(PLACE.findall(text)) != set(PLACE.findall(words[tongue][0][name]))]
    wrong += [f"{tongue}: {name} means nothing" for tongue, (rows, _) in words.items()
              for name in rows if name.startswith(("fault.", "reason.")) and
              name not in codes[tongue] and name != "fault.since"]
    return wrong if len(codes["vi"]) > 100 else wrong + ["the catalogues were not found"]


def compare_refusals(root, words):
    known = refusals(root)
    told = spoken(root, "scheduler/ctl/words")
    wrong = [f"{tongue}: {name} is not in the pages' words" for tongue, (rows, _) in words.items()
             for name in sorted(known) if name not in rows]
    wrong += [f"{tongue}: {name} is not in loactl's words" for tongue, rows in told.items()
              for name in sorted(known) if name not in rows]
    return wrong if len(known) > 10 else wrong + ["the refusals were not found"]


def unsaid_acts(root, words):
    """Acts of the audit, and settings, without words: their pages would show them as they are."""
    acts = {act for path in (root / "scheduler").rglob("*.c") if "ctl" not in path.parts
            for call in AUDITED.findall(path.read_text()) for act in ACT.findall(call)}
    wrong = [f"{tongue}: act.{act}" for tongue, (rows, _) in words.items()
             for act in sorted(acts) if f"act.{act}" not in rows]
    settings = SETTING.findall((root / "scheduler/store/settings.c").read_text())
    wrong += [f"{tongue}: setting.{name}" for tongue, (rows, _) in words.items()
              for name in settings or ["?"] if f"setting.{name}" not in rows]
    return wrong if len(acts) > 80 else wrong + ["the acts were not found"]


def report(number, name, wrong):
    print(f"{'not ok' if wrong else 'ok'} {number} - {name}")
    for line in wrong:
        print(f"# {line}")
    return bool(wrong)


def main():
    root = pathlib.Path(sys.argv[1])
    pages = root / "scheduler/web/pages"
    code = {path.relative_to(pages): path.read_text() for path in pages.rglob("*.js")
            if path.parent.name != "vendor"}
    words = {path.stem: catalogue(path) for path in sorted((pages / "words").glob("*.json"))}
    vi, _ = words["vi"]
    print("1..7")
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
    asked_for = {posixpath.normpath((path.parent / name).as_posix())
                 for path, text in code.items() for name in IMPORT.findall(text)}
    there = {path.relative_to(pages).as_posix() for path in pages.rglob("*.js")}
    bad |= report(4, "every module is asked for by another, and every one asked for is there",
                  sorted((asked_for | {"main.js", "worklet.js"}) ^ there))
    bad |= report(5, "what the programs say by a code, the pages say too", compare(root, words))
    bad |= report(6, "every refusal has words, in the pages and in loactl",
                  compare_refusals(root, words))
    bad |= report(7, "every act of the audit and every setting has words", unsaid_acts(root, words))
    return 1 if bad else 0


sys.exit(main())
