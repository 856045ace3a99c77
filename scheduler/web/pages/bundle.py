#!/usr/bin/env python3
"""bundle.py SOURCES OUT ESBUILD DEPFILE LIST - the pages as they are sent, and their list.

A page's modules are small so that a person finds her way; a browser would ask for fifty of them,
each with its comments. templates.py turns templates into calls, word_numbers.py the names of words
into numbers, and esbuild writes all modules into one file: packed it is 58 kB, once for each
version of the program, and no view waits for a file that names another one. OUT gets it, the
style sheet, and the other files as they are; LIST (for glib-compile-resources) names them all.
"""
import collections
import json
import pathlib
import re
import shutil
import string
import subprocess
import sys

sys.dont_write_bytecode = True  # the sources stay as they are
import templates  # noqa: E402
import word_numbers  # noqa: E402

MADE = ("texts.js", "elements.js")  # modules that no source is
WRITTEN = ("main.js", "style.css")
AS_THEY_ARE = ("index.html", "icon.svg", "fonts/*.woff2", "fonts/OFL.txt")
CATALOGUES = "words/*.json"
READS = "es2022"  # what browsers of the last four years read
# What only our own code gives and takes, never the API nor the browser: what components are
# given, the events for which base/draw.js has a table, a ref's `current`. Sent with short names.
OURS = """
    busy current dirty foresees gone heads heirs hint hooks justDragged kids label lanes
    loaOn loaSince loading mayUndo moves nameOf onAdd onAgain onChange onClick onClose
    onDone onEdit onFile onHear onHeard onHeld onIn onInput onKeyDown onMade onOpen
    onOut onPassword onSeen onSubmit onTake onWaits options problem props refocus
    shiftOf sworn unattended
""".split()
PROPERTY = re.compile(r"--[a-z][a-z-]*")
SHARED = re.compile(r"[^|'\\\n]+")
HTML = re.compile(r"(import \{[^}]*)\bhtml\b")


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def said_often(readers, numbers):
    """{text: '$s7'} of what is quoted so often that a short name saves more than it takes."""
    said = collections.Counter(one for reader in readers for one in reader.strings)
    often = [text for text, n in said.most_common() if text not in numbers
             and SHARED.fullmatch(text) and n * len(text) > len(text) + 5]
    return {text: f"$s{number}" for number, text in enumerate(often)}


def write_modules(codes, instead, work):
    """The modules without templates; MADE have what is shared: texts, which need no other module
    and so are there first, and elements."""
    elements = {}
    for path, code in codes.items():
        text, reader = templates.compiled(code, path, elements, instead)
        text = HTML.sub(r"\1h", text)
        up = "../" * (len(path.parts) - 1) or "./"
        for module, kind in zip(MADE, ("$s", "$e")):
            used = sorted(name for name in reader.used if name.startswith(kind))
            text = f"import {{ {','.join(used)} }} from '{up}{module}';\n{text}" if used else text
        write(work / path, text)
    texts = {text: name for text, name in instead.items() if name.startswith("$")}
    for module, head, names, tail in (
            (MADE[0], "", texts, ""),
            (MADE[1], "import { element } from './base/html.js';\n", elements, ".map(element)")):
        write(work / module, f"{head}export const [{','.join(names.values())}] = "
              f"'{'|'.join(names)}'.split('|'){tail};\n")


def run_esbuild(esbuild, work, out):
    """Returns the files that were read."""
    meta = work / "meta.json"
    subprocess.run([
        esbuild, *WRITTEN, "--bundle", "--format=esm", "--minify", "--charset=utf8",
        f"--target={READS}", "--external:*.woff2", "--outbase=.", f"--outdir={out}",
        f"--mangle-props=^({'|'.join(OURS)})$", f"--metafile={meta}", "--log-level=warning"],
        cwd=work, check=True)
    return [name for name in json.loads(meta.read_text())["inputs"] if name not in MADE]


def shorten_style(path, codes):
    """What only the style sheet names has one letter there."""
    text = path.read_text(encoding="utf-8")
    known = {name for code in codes for name in PROPERTY.findall(code)}
    names = collections.Counter(name for name in PROPERTY.findall(text) if name not in known)
    short = {name: f"--{string.ascii_letters[i]}" for i, (name, _) in enumerate(names.most_common())
             if i < len(string.ascii_letters)}
    text = PROPERTY.sub(lambda found: short.get(found.group(), found.group()), text)
    write(path, re.sub(r"(--\w+): ", r"\1:", text))


def copy(sources, out, patterns):
    names = [str(path.relative_to(sources)) for pattern in patterns
             for path in sorted(sources.glob(pattern))]
    for name in names:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(sources / name, out / name)
    return names


def write_catalogues(sources, out, codes):
    """Returns what stands for what is quoted, and the names of the files."""
    catalogues = {str(path.relative_to(sources)): json.loads(path.read_text(encoding="utf-8"))
                  for path in sorted(sources.glob(CATALOGUES))}
    readers = [templates.compiled(code, path, {}, {})[1] for path, code in codes.items()]
    if unknown := [one for code in codes.values() for one in word_numbers.unknown(code)]:
        raise SystemExit(f"bundle.py: how the name of a word begins is not known: {unknown}")
    numbers = word_numbers.numbers_of([one for reader in readers for one in reader.strings],
                                      set().union(*catalogues.values()))
    texts = {one for reader in readers for one in reader.texts}
    for path, rows in catalogues.items():
        write(out / path, json.dumps(word_numbers.numbered(rows, numbers, texts),
                                     ensure_ascii=False, separators=(",", ":")))
    return {**numbers, **said_often(readers, numbers)}, list(catalogues)


def main():
    sources, out = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    esbuild, depfile, listed = sys.argv[3:6]
    work = out.with_name("pages-work")
    for folder in (out, work):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    codes = {path.relative_to(sources): path.read_text(encoding="utf-8")
             for path in sorted(sources.rglob("*.js")) if path.parent.name != "vendor"}
    instead, catalogues = write_catalogues(sources, out, codes)
    write_modules(codes, instead, work)
    copy(sources, work, ("vendor/*.js", "style.css"))
    inputs = run_esbuild(esbuild, work, out)
    shorten_style(out / "style.css", codes.values())
    copied = copy(sources, out, AS_THEY_ARE)
    names = sorted([*WRITTEN, *catalogues, *copied])
    rows = "".join(f"    <file>{name}</file>\n" for name in names)
    write(pathlib.Path(listed), '<?xml version="1.0" encoding="UTF-8"?>\n<gresources>\n'
          f'  <gresource prefix="/loa/pages">\n{rows}  </gresource>\n</gresources>\n')
    read = [str(sources / name) for name in (*inputs, *catalogues, *copied)]
    read += [module.__file__ for module in (templates, word_numbers)]
    write(pathlib.Path(depfile), f"{listed}: {' '.join(sorted(read))}\n")


if __name__ == "__main__":
    main()
