"""arrows.py - functions as arrows, and what they fix as what they are given: the same in less.

JavaScript in, JavaScript out; pure. Only functions at the left edge of a module, and only as far
as nothing else is meant: what says `this` stays, and what others may call with more than it asks
for keeps what it fixes to itself.

    function Card({ one }) {                  const Card = ({ one }, words = t(one.name)) =>
        const words = t(one.name);   becomes      (one.away ? null : $e0(words));
        if (one.away) return null;
        return html`<p>${words}</p>`;
    }
"""
import math
import re

import given as givens
from templates import Reader

# function Name(of) { … }
FUNCTION = re.compile(r"^(export )?(async )?function (\w+)\(((?:[^\n]|\n(?!}))*?)\) \{\n"
                      r"((?:(?!}).*\n)*)^}$", re.M)
OWN = re.compile(r"(?<![.\w])(?:this|arguments)\b")  # what an arrow has not
AWAIT = re.compile(r"\bawait\b")
CONST = re.compile(r"const\s+(?=[\w$\[{])")
# what is neither an expression nor what is asked for by name here
STATEMENT = re.compile(r"(?:const|let|for|while|do|if|else|switch|try|throw|return|break|continue|"
                       r"function|class)\b|\{")
OPEN, CLOSED = "([{", ")]}"
REST = re.compile(r"\.\.\.\w+$")  # takes all that it is given
GIVEN = "$given"  # what a component gets and does not ask for


def statements(code, path):
    """What is said one after the other. A block, which no semicolon ends, is one with the next."""
    reader, found, out, depth, before = Reader(code, path, {}, {}), [], [], 0, ""
    while reader.at < len(code):
        token = reader.token(out, before)
        depth += (token in OPEN) - (token in CLOSED) if len(token) == 1 else 0
        if token == ";" and depth == 0:
            found.append("".join(out).strip())
            out = []
        else:
            out.append(token)
        before = before if token.isspace() else token
    rest = "".join(out).strip()
    return [*found, rest] if rest else found


def condition(statement, path):
    """(condition, value) of `if (condition) return value`, or None."""
    if not re.match(r"if \(", statement):
        return None
    reader, depth, before = Reader(statement, path, {}, {}), 0, ""
    reader.at = len("if ")
    while True:
        token = reader.token([], before)
        depth += (token in OPEN) - (token in CLOSED) if len(token) == 1 else 0
        if depth == 0:
            break
        before = before if token.isspace() else token
    value = re.fullmatch(r"\s*return\s+(.*)", statement[reader.at:], re.S)
    return value and (statement[len("if "):reader.at], value.group(1))


def value_of(said, path):
    """Statements as one expression, or None."""
    if not said:
        return None
    first, rest = said[0], said[1:]
    if not rest:
        value = re.match(r"return\b(.*)", first, re.S)
        return value and value.group(1).strip() and f"({value.group(1).strip()})"
    found = condition(first, path)
    n = next((i for i, one in enumerate(said) if not CONST.match(one)), 0)
    if n:
        value = AWAIT.search(" ".join(said)) is None and value_of(said[n:], path)
        return value and f"(({fixed(said[:n])}) => {value})()"
    value = value_of(rest, path)
    if not value or (not found and STATEMENT.match(first)):
        return None
    return f"({found[0]} ? ({found[1]}) : {value})" if found else f"({first}, {value})"


def fixed(said):
    """`const a = 1` as it stands among what a function is given."""
    return ", ".join(CONST.sub("", one, 1) for one in said)


def arrow(found, path, called, by_place=()):
    """A function as an arrow. What one of `called` fixes at its beginning stands among what it is
    given: nobody gives it more than it asks for. by_place: components that are given things so."""
    exported, is_async, name, given, body = found.groups("")
    if OWN.search(found.group()):
        return found.group()
    if name in called and not REST.search(given):
        said = statements(body, path)
        n = next((i for i, one in enumerate(said) if not CONST.match(one) or
                  (is_async and AWAIT.search(one))), 0)
        is_component = name[0].isupper() and name not in by_place
        given = ", ".join(filter(None, [given or (GIVEN if is_component and n else ""),
                                        fixed(said[:n])]))
        value = value_of(said[n:], path)
        body = "".join(f"    {one};\n" for one in said[n:])
        if value:
            return f"{exported}const {name} = {is_async}({given}) => {value};"
    return f"{exported}const {name} = {is_async}({given}) => {{\n{body}}};"


DEFINED = re.compile(r"^(?:export )?const (\w+) = (?:async )?(?=\()", re.M)
# const MOST = 30 * 60;
NUMBER = re.compile(r"^const ([A-Z][A-Z_\d]*) = (\d[\d_.]*(?:e\d+)?(?: \* \d[\d_]*)*);", re.M)
NAMED = re.compile(r"^(?:import|export) \{[^}]*\}.*$", re.M)


def only_called(codes):
    """Names in the code of all modules, without comments and with arrows: functions that nobody
    hands to somebody else, who might call them with more. Components, whom draw.js gives what they
    are given and nothing else; and those whose name is nowhere but before a bracket."""
    code = "\n".join(codes)
    names = set(DEFINED.findall(code))
    handed = set(re.findall(r"(?<![.\w])(\w+)\b(?!\()", DEFINED.sub("", NAMED.sub("", code))))
    return {name for name in names if name[0].isupper() or name not in handed}


# is a list empty?
EMPTY = re.compile(r"(?<![\w.\])?])([a-z]\w*(?:\.\w+)*\.length) === 0\b")
FULL = re.compile(r"(?<![\w.\])?])([a-z]\w*(?:\.\w+)*\.length) > 0(?= \?)")


def numbers_of(text):
    """{name: number} of what a module fixes for itself, and says itself where that is shorter."""
    found = {}
    for name, value in NUMBER.findall(text):
        number = math.prod(float(one) for one in value.split(" * "))
        short = re.sub(r"(000+)$", lambda zeros: f"e{len(zeros.group())}", f"{number:.9g}")
        n = len(re.findall(rf"\b{name}\b", text)) - 1
        if "e+" not in short and n * len(short) <= len(short) + len(",ab=") + n * len("ab"):
            found[name] = short
    return found


def compiled(text, path, elements, instead, words=(), components=(), called=(), given=()):
    """The code of a module without templates, its functions as arrows, and its reader, which
    knows what it met."""
    text = givens.rewritten(text, path, given) if given else text
    numbers = numbers_of(text)
    text = FULL.sub(r"\1", EMPTY.sub(r"!\1", text))
    text = NUMBER.sub(lambda found: "" if found.group(1) in numbers else found.group(), text)
    reader = Reader(text, path, elements, instead, words, components, given)
    reader.numbers = numbers
    code = reader.code()
    return FUNCTION.sub(lambda found: arrow(found, path, called, given), code), reader
