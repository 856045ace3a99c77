#!/usr/bin/env python3
"""bundle.py SOURCES OUT ESBUILD DEPFILE LIST - the pages as they are sent, and their list.

A page's modules are small so that a person finds her way; a browser would ask for fifty of them,
each with its comments. templates.py turns templates into calls, given.py tells components by its
place what they are given, arrows.py turns functions into arrows, word_numbers.py the names of
words into numbers; what is said often, a text or the name of a
member, gets a short name; and esbuild writes all modules into one file: packed it is 60 kB, once
for each version of the program, and no view waits for a file that names another one. OUT gets it,
the style sheet, and the other files as they are; LIST (for glib-compile-resources) names them all.
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
import arrows  # noqa: E402
import given  # noqa: E402
import templates  # noqa: E402
import word_numbers  # noqa: E402

MADE = ("texts.js", "elements.js", "components.js")  # modules that no source is
WORKLET = "worklet.js"  # for the browser's audio thread, which has nothing of the pages
WRITTEN = ("main.js", WORKLET, "style.css")
AS_THEY_ARE = ("index.html", "icon.svg", "fonts/*.woff2", "fonts/OFL.txt")
CATALOGUES = "words/*.json"
READS = "es2022"  # what browsers of the last four years read
# What only our own code gives and takes, never the API nor the browser: what components are
# given, the events and attributes for which base/draw.js has a table, a ref's `current`. Sent with
# short names.
OURS = """
    above args ask asked autocapitalize autocomplete bars broken busy current depth dirty
    disabled dom field foresees gone heads heirs hint hooks inputmode justDragged kids
    label lane lanes loading loaOn loaSince maxlength mayUndo me mine moves nameOf onAdd onAgain
    onChange onClick onClose onDone one onEdit onFile onHear onHeard onHeld onIn onInput
    onKeyDown onMade onOpen onOut onPassword onSeen onSubmit onTake onWaits options others pair
    problem props reading refocus remarks roles run samples setAt setFile settle share shiftOf
    shown spellcheck stolen sworn tell tongues unattended work
""".split()
# Words of the language and of the browser that stand in many places: sent with short names, too.
WORDS = """
    null undefined AbortSignal Array Boolean Date Map Math Number Object Promise Set String
    URLSearchParams Uint8Array cancelAnimationFrame clearInterval clearTimeout document
    encodeURIComponent localStorage location performance requestAnimationFrame setInterval setTimeout window
""".split()
# and functions of theirs that need nobody they are called of
FREE = """
    Array.from Array.isArray JSON.stringify Math.abs Math.floor Math.max Math.min Math.round
    Object.assign Object.entries Object.fromEntries Object.keys
""".split()
PROPERTY = re.compile(r"--[a-z][a-z-]*")
SHARED = re.compile(r"[^|'\\\n]+")
HTML = re.compile(r"(import \{[^}]*)\bhtml\b")
COMPONENT = re.compile(r"^ *(export )?(?:function|const) ([A-Z]\w*)", re.M)
OFTEN = 10  # so often a component is drawn that has a function of its own, like an element


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def said_often(readers, numbers):
    """{text: '$s7'} of what is quoted, or the name of a member, so often that a short name saves
    more than it takes."""
    said, pieces, names, members = (
        collections.Counter(one for of in readers for one in getattr(of, kind))
        for kind in ("strings", "pieces", "names", "members"))
    said += pieces
    saved = {text: said[text] * len(text) + (len(text) >= templates.LONG) *
             (names[text] * (len(text) - 4) + members[text] * (len(text) - 3)) +
             (text in templates.OFTEN) * members[text]
             for text in said | names | members}
    often = [text for text in sorted(saved, key=lambda text: -said[text] - names[text])
             if text not in numbers and text not in OURS and SHARED.fullmatch(text)
             and saved[text] > len(text) + 5]
    return {text: f"$s{number}" for number, text in enumerate(often)}


def drawn_often(codes):
    """{name: its module} of components that others may import, and whose name is theirs alone."""
    drawn = collections.Counter(re.findall(r"<\$\{([A-Z]\w*)\}", "\n".join(codes.values())))
    found = [(*one, path) for path, code in codes.items() for one in COMPONENT.findall(code)]
    names = collections.Counter(name for _, name, _ in found)
    return {name: path for exported, name, path in found
            if exported and names[name] == 1 and drawn[name] >= OFTEN}


def write_modules(codes, instead, called, by_place, work):
    """The modules without templates; MADE have what is shared: texts, which need no other module
    and so are there first, elements, and components, which are asked for when they are drawn."""
    elements, words = {}, {word: f"$s_{word.replace('.', '_')}" for word in WORDS + FREE}
    modules = drawn_often(codes)
    components = {name: f"$c_{name}" for name in modules}
    for path, code in codes.items():
        text, reader = arrows.compiled(code, path, elements, instead, words, components, called,
                                       by_place[path])
        text = HTML.sub(r"\1h, keyed, piece", text)
        up = "../" * (len(path.parts) - 1) or "./"
        for module, kind in zip(MADE, ("$s", "$e", "$c")):
            used = sorted(name for name in reader.used if name.startswith(kind))
            text = f"import {{ {','.join(used)} }} from '{up}{module}';\n{text}" if used else text
        for name, module in (("way", "route"), ("along", "api")):
            if name in reader.used:
                text = f"import {{ {name} }} from '{up}base/{module}.js';\n{text}"
        write(work / path, text)
    texts = {text: name for text, name in instead.items() if name.startswith("$")}
    write(work / MADE[0], f"export const [{','.join([*texts.values(), *words.values()])}] = "
          f"[...'{'|'.join(texts)}'.split('|'), {','.join(words)}];\n")
    write(work / MADE[1], "import { element } from './base/html.js';\n"
          f"export const [{','.join(elements.values())}] = "
          f"'{'|'.join(elements)}'.split('|').map(element);\n")
    write(work / MADE[2], "import { caller, piece } from './base/html.js';\n" + "".join(
        f"import {{ {name} }} from './{path}';\nexport const {components[name]} = " +
        (f"(...given) => piece({name}, ...given);\n" if name in by_place[path]
         else f"caller(() => {name});\n") for name, path in modules.items()))


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
    """Returns what stands for what is quoted, the names of the files, the functions that may be
    given shorter ways to say what they do, and the components that are given things by place."""
    catalogues = {str(path.relative_to(sources)): json.loads(path.read_text(encoding="utf-8"))
                  for path in sorted(sources.glob(CATALOGUES))}
    free = {word: word for word in FREE}  # whose members are none of others
    plain, readers = zip(*(arrows.compiled(code, path, {}, {}, free)
                           for path, code in codes.items()))
    if unknown := [one for code in codes.values() for one in word_numbers.unknown(code)]:
        raise SystemExit(f"bundle.py: how the name of a word begins is not known: {unknown}")
    numbers = word_numbers.numbers_of([one for reader in readers for one in reader.strings],
                                      set().union(*catalogues.values()))
    texts = {one for reader in readers for one in reader.texts}
    for path, rows in catalogues.items():
        write(out / path, json.dumps(word_numbers.numbered(rows, numbers, texts),
                                     ensure_ascii=False, separators=(",", ":")))
    return ({**numbers, **said_often(readers, numbers)}, list(catalogues),
            arrows.only_called(plain), given.given_by_place(codes, plain, readers))


def main():
    sources, out = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    esbuild, depfile, listed = sys.argv[3:6]
    work = out.with_name("pages-work")
    for folder in (out, work):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    codes = {path.relative_to(sources): path.read_text(encoding="utf-8")
             for path in sorted(sources.rglob("*.js")) if path.parent.name != "vendor" and path.name != WORKLET}
    instead, catalogues, called, by_place = write_catalogues(sources, out, codes)
    write_modules(codes, instead, called, by_place, work)
    copy(sources, work, ("vendor/*.js", "style.css", WORKLET))
    inputs = run_esbuild(esbuild, work, out)
    shorten_style(out / "style.css", codes.values())
    copied = copy(sources, out, AS_THEY_ARE)
    names = sorted([*WRITTEN, *catalogues, *copied])
    rows = "".join(f"    <file>{name}</file>\n" for name in names)
    write(pathlib.Path(listed), '<?xml version="1.0" encoding="UTF-8"?>\n<gresources>\n'
          f'  <gresource prefix="/loa/pages">\n{rows}  </gresource>\n</gresources>\n')
    read = [str(sources / name) for name in (*inputs, *catalogues, *copied)]
    read += [module.__file__ for module in (arrows, given, templates, word_numbers)]
    write(pathlib.Path(depfile), f"{listed}: {' '.join(sorted(read))}\n")


if __name__ == "__main__":
    main()
