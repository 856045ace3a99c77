#!/usr/bin/env python3
"""bundle.py SOURCES OUT ESBUILD DEPFILE LIST - the pages as they are sent, and their list.

A page's modules are small so that a person finds her way; a browser would ask for fifty of them,
each with its comments. esbuild writes one file for the frame, one for each view and one for what
several views share. OUT gets these, the style sheet, and the other files as they are; LIST (for
glib-compile-resources) names them all, and the first page names what its frame consists of.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys

AS_THEY_ARE = ("icon.svg", "fonts/*.woff2", "fonts/OFL.txt", "words/*.json")
READS = "es2022"  # what browsers of the last four years read


def run_esbuild(esbuild, sources, out):
    """Returns what esbuild says of its inputs and outputs."""
    meta = out / "meta.json"
    entries = ["main.js", "style.css"]
    entries += sorted(str(path.relative_to(sources)) for path in sources.glob("views/*.js"))
    subprocess.run([
        esbuild, *entries, "--bundle", "--splitting", "--format=esm", "--minify",
        "--charset=utf8", f"--target={READS}", "--external:*.woff2",
        "--chunk-names=shared/[hash]", "--outbase=.", f"--outdir={out}", f"--metafile={meta}",
        "--log-level=warning"], cwd=sources, check=True)
    told = json.loads(meta.read_text())
    meta.unlink()
    return told


def outputs_of(told, sources, out):
    """name in OUT -> what esbuild says of it"""
    return {str((sources / path).resolve().relative_to(out.resolve())): facts
            for path, facts in told["outputs"].items()}


def without_indentation(path):
    """Templates keep their line ends and lose what stands before a line: htm reads neither."""
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"\n\s+", "\n", text), encoding="utf-8")


def frame(outputs, sources, out):
    """main.js and what it cannot begin without, each after what it needs."""
    names = []

    def add(name):
        for one in outputs[name]["imports"]:
            if one["kind"] == "import-statement":
                add(str((sources / one["path"]).resolve().relative_to(out.resolve())))
        if name not in names:
            names.append(name)

    add("main.js")
    return names


def write_first_page(sources, out, modules):
    links = "".join(f'<link rel="modulepreload" href="@ROOT@/{name}">\n' for name in modules)
    page = (sources / "index.html").read_text(encoding="utf-8")
    if "@MODULES@\n" not in page:
        sys.exit("index.html: no line @MODULES@")
    (out / "index.html").write_text(page.replace("@MODULES@\n", links), encoding="utf-8")


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
    told = run_esbuild(esbuild, sources, out)
    outputs = outputs_of(told, sources, out)
    for name in outputs:
        without_indentation(out / name)
    copied = copy(sources, out)
    write_first_page(sources, out, frame(outputs, sources, out))
    names = sorted(["index.html", *outputs, *copied])
    rows = "".join(f"    <file>{name}</file>\n" for name in names)
    pathlib.Path(listed).write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<gresources>\n'
        f'  <gresource prefix="/loa/pages">\n{rows}  </gresource>\n</gresources>\n')
    read = [str(sources / name) for name in (*told["inputs"], "index.html", *copied)]
    pathlib.Path(depfile).write_text(f"{listed}: {' '.join(sorted(read))}\n")


main()
