#!/usr/bin/env python3
"""bundle.py SOURCES DESK OUT ESBUILD DEPFILE LIST - the station's page as it is sent.

It is made of the desk's parts, so that an alert is called in the same way in both places. Its
words are its own and, of the desk's, those that its code asks for; one that is nowhere fails
the build. OUT gets the files, LIST (for glib-compile-resources) names them.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys

READS = "es2022"  # what browsers of the last four years read
FROM_DESK = ("icon.svg", "fonts/noto-sans-regular.woff2", "fonts/noto-sans-bold.woff2", "fonts/OFL.txt")
# Asked for by the beginning of their name alone: t(`alert.state.${state}`).
FAMILIES = ("reason.", "problem.")
ASKED = re.compile(r"""\b(?:t|said)\(['"]([\w.-]+)['"]""")
EITHER = re.compile(r"\bt\(\w[\w.]* \? '([\w.-]+)' : '([\w.-]+)'")
BEGINNING = re.compile(r"\b(?:t|said)\(`([\w.-]+)\$\{")


def run_esbuild(esbuild, sources, out):
    """Returns the files that were read."""
    meta = out / "meta.json"
    subprocess.run([
        esbuild, "main.js", "style.css", "--bundle", "--format=esm", "--minify", "--charset=utf8",
        f"--target={READS}", "--external:*.woff2", "--outbase=.", f"--outdir={out}",
        f"--metafile={meta}", "--log-level=warning"], cwd=sources, check=True)
    told = json.loads(meta.read_text())
    meta.unlink()
    return [(sources / name).resolve() for name in told["inputs"]]


def wanted(code):
    """Names of words, and beginnings of names, that the code asks for."""
    names = {name for text in code for name in ASKED.findall(text)}
    names |= {name for text in code for pair in EITHER.findall(text) for name in pair}
    return names, {one for text in code for one in BEGINNING.findall(text)} | set(FAMILIES)


def words_of(tongue, sources, desk, names, families):
    own = json.loads((sources / f"words/{tongue}.json").read_text())
    all_words = {**json.loads((desk / f"words/{tongue}.json").read_text()), **own}
    lacking = sorted(names - set(all_words))
    if lacking:
        sys.exit(f"{tongue}: no words for {', '.join(lacking)}")
    return {name: words for name, words in all_words.items()
            if name in names or name.startswith(tuple(families))}


def main():
    sources, desk, out = (pathlib.Path(one).resolve() for one in sys.argv[1:4])
    esbuild, depfile, listed = sys.argv[4:7]
    shutil.rmtree(out, ignore_errors=True)
    (out / "words").mkdir(parents=True)
    (out / "fonts").mkdir()
    inputs = run_esbuild(esbuild, sources, out)
    names, families = wanted([path.read_text() for path in inputs if path.suffix == ".js"])
    read = [*inputs, sources / "index.html"]
    for tongue in ("vi", "en"):
        words = words_of(tongue, sources, desk, names, families)
        (out / f"words/{tongue}.json").write_text(
            json.dumps(words, ensure_ascii=False, separators=(",", ":")))
        read += [sources / f"words/{tongue}.json", desk / f"words/{tongue}.json"]
    shutil.copyfile(sources / "index.html", out / "index.html")
    for name in FROM_DESK:
        shutil.copyfile(desk / name, out / name)
        read.append(desk / name)
    files = sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())
    rows = "".join(f"    <file>{name}</file>\n" for name in files)
    pathlib.Path(listed).write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<gresources>\n'
        f'  <gresource prefix="/loa/page">\n{rows}  </gresource>\n</gresources>\n')
    pathlib.Path(depfile).write_text(f"{listed}: {' '.join(sorted(map(str, read)))}\n")


main()
