"""given.py - what components are given, one after the other instead of by name.

JavaScript in, JavaScript out; pure. Only components that nothing but templates names, and whose
templates say each thing by itself: then all who give and the one who takes are known here.

    function Card({ one, of = 3 }) {              function Card(one, of = 3) {
    html`<${Card} of=${a} one=${b} />`   becomes  piece(Card, b, a)

What is given most often stands first; what is left out at the end is not said. Whoever takes
`...rest` is given the rest as one thing.
"""
import collections
import posixpath
import re

from templates import Reader

DEFINED = re.compile(r"^(?:export )?(?:function ([A-Z]\w*)|const ([A-Z]\w*) = (?=\())", re.M)
IMPORT = re.compile(r"^import \{([^}]*)\} from '([^']*)';?$", re.M)
EXPORT = re.compile(r"^export \{[^}]*\}.*$", re.M)
NAME = re.compile(r"\w+")
REST = "..."  # stands for the rest among what a component asks for
ENTRY = re.compile(r"\s*(\w+)\s*(?:(:)\s*)?(.*)", re.S)
OPEN, CLOSED = "([{", ")]}"


class Component:
    """One that takes its things by name: `asks` names them, `takes` is how each is taken, and
    begin and end where both stand in its module."""

    def __init__(self, begin, end, asks, takes):
        self.begin, self.end, self.asks, self.takes = begin, end, asks, takes

    def order(self, counted):
        rows = sorted(zip(self.asks, self.takes), key=lambda row: -counted[row[0]])
        self.asks, self.takes = [[row[i] for row in rows] for i in (0, 1)]


def entries(text, begin, path):
    """What stands between the braces at `begin`, and where they end."""
    reader, depth, found, before = Reader(text, path, {}, {}), 0, [], ""
    reader.at = last = begin + 1
    while True:
        at = reader.at
        token = reader.token([], before)
        if token == "}" and depth == 0 or token == "," and depth == 0:
            found.append(text[last:at].strip())
            last = reader.at
        if token == "}" and depth == 0:
            return [one for one in found if one], reader.at
        depth += (token in OPEN) - (token in CLOSED) if len(token) == 1 else 0
        before = before if token.isspace() else token


def component(text, begin, path):
    """The one whose bracket stands at `begin`, or None where it takes more than names."""
    found = re.compile(r"\(\s*(\{|\))").match(text, begin)
    if not found:
        return None
    if found.group(1) == ")":
        return Component(begin + 1, begin + 1, [], [])
    rows, end = entries(text, found.start(1), path)
    rest = [rows.pop()[len(REST):]] if rows and rows[-1].startswith(REST) else []
    if not re.compile(r"\s*\)").match(text, end) or any(REST in one for one in rows):
        return None
    parts = [ENTRY.fullmatch(one).groups() for one in rows]
    asks = [name for name, _, _ in parts]
    # one that is told by another one cannot stand before it
    if any(set(NAME.findall(rest.partition("=")[2])) & set(asks) for _, _, rest in parts):
        return None
    takes = [of if other else f"{name} {of}".strip() for name, other, of in parts]
    return Component(found.start(1), end, [*asks, *[REST] * len(rest)], [*takes, *rest])


def defined(text, path):
    """{name: component} of a module."""
    found = {}
    for one in DEFINED.finditer(text):
        made = component(text, one.end(), path)
        if made:
            found[one.group(1) or one.group(2)] = made
    return found


def imported(text, path):
    """{name: (module, its name there)}"""
    found = {}
    for names, of in IMPORT.findall(text):
        module = posixpath.normpath(posixpath.join(posixpath.dirname(str(path)), of))
        for one in filter(None, re.split(r"\s*,\s*", names.strip())):
            there, _, here = one.partition(" as ")
            found[here or there] = (module, there)
    return found


def given_by_place(codes, plain, readers):
    """{module: {name: component}} for each module: those whose things are told by their place.
    codes: by module; plain: the same without templates; readers: what they met."""
    known = {(str(path), name): one for path, code in codes.items()
             for name, one in defined(code, path).items()}
    counted, taken = collections.defaultdict(collections.Counter), set()
    seen = {}
    for path, code, reader in zip(codes, plain, readers):
        here = {name: (str(path), name) for name in defined(codes[path], path)}
        here.update({name: of for name, of in imported(codes[path], path).items() if of in known})
        seen[path] = here
        rest = DEFINED.sub("", EXPORT.sub("", IMPORT.sub("", code)))
        for name, of in here.items():
            drawn = [one for one in reader.drawn if one[0] == name]
            if len(re.findall(rf"(?<![.\w$]){name}\b", rest)) != len(drawn):
                taken.add(of)
            for _, members, spreads in drawn:
                counted[of].update(members)
                counted[of][REST] += bool(set(members) - {"key", *known[of].asks})
                if spreads or "ref" in members:
                    taken.add(of)
    for of, one in known.items():
        one.order(counted[of])
    return {path: {name: known[of] for name, of in here.items() if of not in taken}
            for path, here in seen.items()}


def rewritten(text, path, given):
    """The module with its components as they are given things now."""
    own = defined(text, path)
    for name in sorted(own, key=lambda name: -own[name].begin):
        if name in given:
            one = own[name]
            text = text[:one.begin] + ", ".join(given[name].takes) + text[one.end:]
    return text
