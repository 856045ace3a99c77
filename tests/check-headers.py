#!/usr/bin/python3
"""check-headers.py ROOT: what a header offers is explained where it is offered.

Declarations that stand together, with no empty line between, share the doc comment before them.
It opens with the name of the first function, and each parameter that it explains is one of
theirs. What only gives back or frees needs no words of its own. Prints TAP.
"""
import pathlib
import re
import sys

FOLDERS = ("content", "player", "gateway", "scheduler")
SELF_EVIDENT = re.compile(r"_(new|free|unref|ref|clear|quark|init)$")
COMMENT = re.compile(r"/\*.*?\*/", re.S)
# A function's name, its parameters, and what may stand behind them.
FUNCTION = re.compile(r"\b(\w+)\(([^;]*)\)\s*(?:G_GNUC_\w+(?:\s*\([^()]*\))?\s*)*;\s*$", re.S)
NOT_FUNCTIONS = ("typedef", "static", "extern")


def parameters_of(text):
    """Names only: of a function pointer, an array, a plain one."""
    names, depth, word = [], 0, ""
    for char in text + ",":
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            found = re.search(r"\(\*\s*(\w+)\)", word) or \
                re.search(r"(\w+)\s*(?:\[[^]]*\])?\s*$", word)
            names += [found.group(1)] if found else []
            word = ""
        else:
            word += char
    return names


def blocks_of(text):
    """Runs of lines between empty ones, each with its line number; empty lines in a comment or
    between braces part nothing."""
    lines, start, depth, in_comment = [], 1, 0, False
    for number, line in enumerate(text.splitlines() + [""], 1):
        if not line.strip() and depth == 0 and not in_comment:
            if lines:
                yield start, "\n".join(lines)
            lines, start = [], number + 1
            continue
        lines.append(line)
        in_comment = line.rfind("/*") > line.rfind("*/") if "/*" in line or "*/" in line \
            else in_comment
        depth += line.count("{") - line.count("}")


def functions_of(block):
    """(name, parameters) of every function that the block declares."""
    bare = COMMENT.sub("", block).replace("\\\n", " ")
    bare = re.sub(r"^#.*$|^G_DEFINE.*$", "", bare, flags=re.M)
    while "{" in bare and (inner := re.sub(r"\{[^{}]*\}", "", bare)) != bare:
        bare = inner
    for statement in re.split(r"(?<=;)\s*\n", bare):
        statement = statement.strip() + ("" if statement.strip().endswith(";") else ";")
        if statement.startswith(NOT_FUNCTIONS):
            continue
        found = FUNCTION.search(statement)
        if found and statement[:found.start()].strip():
            yield found.group(1), parameters_of(found.group(2))


def complaints_of(path, text):
    for line, block in blocks_of(text):
        functions = list(functions_of(block))
        needing = [name for name, _ in functions if not SELF_EVIDENT.search(name)]
        if not needing:
            continue
        docs = re.findall(r"/\*\*.*?\*/", block, re.S)
        if not docs:
            yield f"{path}:{line}: {needing[0]} has no doc comment"
            continue
        names = {name for name, _ in functions}
        known = {parameter for _, parameters in functions for parameter in parameters}
        for doc in docs:
            title = re.match(r"/\*\*[\s*]*(\w+)", doc)
            if not title or title.group(1) not in names:
                yield f"{path}:{line}: a comment for {title and title.group(1)}, not {needing[0]}"
            for named in re.findall(r"@(\w+)", doc):
                if named not in known:
                    yield f"{path}:{line}: {needing[0]} has no parameter '{named}'"


def main():
    root = pathlib.Path(sys.argv[1])
    print(f"1..{len(FOLDERS)}")
    for number, folder in enumerate(FOLDERS, 1):
        bad = [complaint for header in sorted((root / folder).rglob("*.h"))
               for complaint in complaints_of(header.relative_to(root),
                                              header.read_text(encoding="utf-8"))]
        for complaint in bad:
            print(f"# {complaint}")
        print(f"{'not ok' if bad else 'ok'} {number} - headers of {folder}/")


main()
