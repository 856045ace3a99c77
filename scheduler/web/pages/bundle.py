#!/usr/bin/env python3
"""bundle.py SOURCES OUT ESBUILD DEPFILE LIST - the pages as they are sent, and their list.

A page's modules are small so that a person finds her way; a browser would ask for fifty of them,
each with its comments. templates.py turns templates into calls, word_numbers.py the names of words
into numbers, and esbuild writes all modules into one file: packed it is 58 kB, once for each
version of the program, and no view waits for a file that names another one. OUT gets it, the
style sheet, and the other files as they are; LIST (for glib-compile-resources) names them all.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True  # the sources stay as they are
import templates  # noqa: E402
import word_numbers  # noqa: E402

WRITTEN = ("main.js", "style.css")
AS_THEY_ARE = ("index.html", "icon.svg", "fonts/*.woff2", "fonts/OFL.txt")
CATALOGUES = "words/*.json"
READS = "es2022"  # what browsers of the last four years read
HTML = re.compile(r"(import \{[^}]*)\bhtml\b")


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def write_modules(codes, numbers, work):
    """The modules without templates; elements.js makes what these stood for."""
    elements = {}
    for path, code in codes.items():
        text, reader = templates.compiled(code, path, elements, numbers)
        text = HTML.sub(r"\1h", text)
        up = "../" * (len(path.parts) - 1) or "./"
        if reader.used:
            text = f"import {{ {','.join(sorted(reader.used))} }} from '{up}elements.js';\n{text}"
        write(work / path, text)
    write(work / "elements.js", "import { element } from './base/html.js';\n"
          f"export const [{','.join(elements.values())}] = "
          f"'{'|'.join(elements)}'.split('|').map(element);\n")


def run_esbuild(esbuild, work, out):
    """Returns the files that were read."""
    meta = work / "meta.json"
    subprocess.run([
        esbuild, *WRITTEN, "--bundle", "--format=esm", "--minify", "--charset=utf8",
        f"--target={READS}", "--external:*.woff2", "--outbase=.", f"--outdir={out}",
        f"--metafile={meta}", "--log-level=warning"], cwd=work, check=True)
    return [name for name in json.loads(meta.read_text())["inputs"] if name != "elements.js"]


def copy(sources, out, patterns):
    names = [str(path.relative_to(sources)) for pattern in patterns
             for path in sorted(sources.glob(pattern))]
    for name in names:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(sources / name, out / name)
    return names


def write_catalogues(sources, out, codes):
    """Returns the numbers of the names, and the names of the files."""
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
    return numbers, list(catalogues)


def main():
    sources, out = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    esbuild, depfile, listed = sys.argv[3:6]
    work = out.with_name("pages-work")
    for folder in (out, work):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    codes = {path.relative_to(sources): path.read_text(encoding="utf-8")
             for path in sorted(sources.rglob("*.js")) if path.parent.name != "vendor"}
    numbers, catalogues = write_catalogues(sources, out, codes)
    write_modules(codes, numbers, work)
    copy(sources, work, ("vendor/*.js", "style.css"))
    inputs = run_esbuild(esbuild, work, out)
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
