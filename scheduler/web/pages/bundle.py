#!/usr/bin/env python3
"""bundle.py SOURCES OUT ESBUILD DEPFILE LIST - the pages as they are sent, and their list.

A page's modules are small so that a person finds her way; a browser would ask for fifty of them,
each with its comments. esbuild writes them into one file: packed it is 50 kB, once for each
version of the program, and no view waits for a file that names another one. OUT gets it, the
style sheet, and the other files as they are; LIST (for glib-compile-resources) names them all.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys

WRITTEN = ("main.js", "style.css")
AS_THEY_ARE = ("index.html", "icon.svg", "fonts/*.woff2", "fonts/OFL.txt", "words/*.json")
READS = "es2022"  # what browsers of the last four years read


def run_esbuild(esbuild, sources, out):
    """Returns the files that were read."""
    meta = out / "meta.json"
    subprocess.run([
        esbuild, *WRITTEN, "--bundle", "--format=esm", "--minify", "--charset=utf8",
        f"--target={READS}", "--external:*.woff2", "--outbase=.", f"--outdir={out}",
        f"--metafile={meta}", "--log-level=warning"], cwd=sources, check=True)
    told = json.loads(meta.read_text())
    meta.unlink()
    return list(told["inputs"])


# What htm does not read: line ends beside a tag and indentation (they stand in templates alone),
# the name in a closing tag, the quotes of one plain word.
UNREAD = ((re.compile(r"(?<=>)\n\s*|\n\s*(?=<)"), ""), (re.compile(r"\n\s+"), "\n"),
          (re.compile(r"</[a-z][a-z0-9]*>|<//>"), "</>"),
          (re.compile(r'(?<=\s)([a-z][a-zA-Z-]*)="([A-Za-z0-9_.#-]+)"(?=[\s>])'), r"\1=\2"))


def without_unread(path):
    text = path.read_text(encoding="utf-8")
    for what, instead in UNREAD:
        text = what.sub(instead, text)
    path.write_text(text, encoding="utf-8")


def copy(sources, out):
    names = []
    for pattern in AS_THEY_ARE:
        for path in sorted(sources.glob(pattern)):
            name = str(path.relative_to(sources))
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, out / name)
            names.append(name)
    return names


def main():
    sources, out = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    esbuild, depfile, listed = sys.argv[3:6]
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    inputs = run_esbuild(esbuild, sources, out)
    without_unread(out / "main.js")
    copied = copy(sources, out)
    names = sorted([*WRITTEN, *copied])
    rows = "".join(f"    <file>{name}</file>\n" for name in names)
    pathlib.Path(listed).write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<gresources>\n'
        f'  <gresource prefix="/loa/pages">\n{rows}  </gresource>\n</gresources>\n')
    read = [str(sources / name) for name in (*inputs, *copied)]
    pathlib.Path(depfile).write_text(f"{listed}: {' '.join(sorted(read))}\n")


main()
