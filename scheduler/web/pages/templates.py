"""templates.py - html`…` templates as the calls that they mean, so that no page reads templates;
short names for what is said often.

JavaScript in, JavaScript out; pure. The language of the templates is htm's: tags and components,
attributes with values, ...spreads, `</>` for whatever was opened last. What is not understood is
an error that names its line: nothing is sent that means something else than the source.

    html`<p class="warn">${words}</p>`   becomes   $e0(words), where $e0 is element('p.warn')
    html`<${Card} one=${one} />`         becomes   h(Card, {one: one})
    one.language, t('language')          becomes   one[$s3], t($s3), where $s3 is 'language'
    `day.${n}`                           becomes   ("day." + (n))
    at`slots/${id}/stop`                 becomes   along($s4, (id), $s5)
"""
import json
import re

WORD = re.compile(r"[A-Za-z_$][\w$]*")
# after these a slash begins a pattern, not a division
BEFORE_PATTERN = {"", *"(,=:[!&|?{};+-*%~^<>", "return", "typeof", "case", "in", "of", "await"}
PLAIN = re.compile(r'"[^";|\'\\]*"')  # text that an element's own name can hold
QUOTE = '"'
STEP = re.compile(r"[a-z]+(?:-[a-z]+)*")
LINK = re.compile(r"\(link\((.*)\)\)")
LONG = 4  # shorter names of members are not worth another one,
OFTEN = ("map",)  # but for what is said so often that its name gets one letter
MEMBER = re.compile(r"\.\w+")
INSIDE = re.compile(r"\([^()]*\)|\[[^][]*\]|'[^']*'|\?\.")
WEAK = re.compile(r"[-+?|&<>=,]")  # what binds less than a sum, and is taken in brackets
CODE = "\0"  # stands for a piece of code in the text of a template


class NotUnderstood(Exception):
    pass


def bare(code):
    """Code without what stands in brackets and quotes."""
    rest = INSIDE.sub("", code)
    return rest if rest == code else bare(rest)


class Reader:
    """Reads the code of one module. What all modules share: `elements`, 'tag.class' to the name
    of its function; `instead`, what is quoted to what stands for it: a number, or a $name;
    `words`, words of the language to such names; `components`, theirs to those of their functions;
    `given`, components of this module that are given things by their place (given.py).
    """

    def __init__(self, text, path, elements, instead, words=(), components=(), given=()):
        self.text, self.path, self.elements, self.instead = text, path, elements, instead
        self.words, self.components, self.given = dict(words), dict(components), dict(given)
        self.drawn = []  # (component, names of what it is given, whether more is spread)
        self.at, self.used = 0, set()
        self.attributes = set()  # of elements, not of components
        # what is quoted, and plain templates with CODE where their code stands
        self.strings, self.texts = [], []
        self.numbers = {}  # what the module fixes, and what stands for it
        self.pieces = []  # texts of templates that became sums
        self.names, self.members = [], []  # of attributes and the like; each time they are met

    def fail(self, why):
        line = self.text.count("\n", 0, self.at) + 1
        raise NotUnderstood(f"{self.path}:{line}: {why}")

    def ends(self, end, why):
        """The place of `end`, jumping over what is escaped."""
        at = self.at + 1
        inside = False  # of [ ] in a pattern, where a slash is a letter
        while at < len(self.text) and self.text[at] != "\n":
            one = self.text[at]
            if one == end and not inside:
                return at + 1
            inside = end == "/" and (one == "[" or (inside and one != "]"))
            at += 2 if one == "\\" else 1
        return self.fail(why)

    def quoted(self, before):
        begin, self.at = self.at, self.ends(self.text[self.at], "a string that does not end")
        whole = self.text[begin:self.at]
        if before in ("from", "import"):
            return whole
        said = self.said(whole[1:-1], whole)
        is_name = before in ("{", ",") and re.compile(r"\s*:").match(self.text, self.at)
        return f"[{said}]" if is_name and said != whole else said

    def said(self, text, whole):
        """What stands for a text; `whole`, with its quotes, where nothing does."""
        self.strings.append(text)
        instead = self.instead.get(text, whole)
        if instead.startswith("$"):
            self.used.add(instead)
        return instead

    def pattern(self):
        begin, self.at = self.at, self.ends("/", "a pattern that does not end")
        return self.text[begin:self.at]

    def comment(self):
        begin, end = self.at, "*/" if self.text[self.at + 1] == "*" else "\n"
        at = self.text.find(end, self.at + 2)
        self.at = len(self.text) if at < 0 else at + len(end.strip())
        told = self.text.startswith("/* @", begin)  # esbuild reads it
        return self.text[begin:self.at] if told else " "

    def parts(self):
        """A template: [text, code, text, … text]."""
        self.at += 1
        found, begin = [], self.at
        while self.text[self.at:self.at + 1] != "`":
            if self.at >= len(self.text):
                self.fail("a template that does not end")
            if self.text.startswith("${", self.at):
                found.append(self.text[begin:self.at])
                self.at += 2
                found.append(self.code())
                begin = self.at
            else:
                self.at += 2 if self.text[self.at] == "\\" else 1
        found.append(self.text[begin:self.at])
        self.at += 1
        return found

    def template(self, out, before):
        if out[-1:] == ["html"]:
            out.pop()
            return Template(self).calls()
        parts = self.parts()
        steps = self.steps(parts) if out[-1:] == ["at"] else None
        if steps:
            out.pop()
            self.used.add("along")
            return f"along({','.join(steps)})"
        self.texts.append(CODE.join(parts[0::2]))
        whole = "`" + "".join(f"${{{one}}}" if i % 2 else one for i, one in enumerate(parts)) + "`"
        return self.sum(parts, whole) if before in BEFORE_PATTERN else whole

    def steps(self, parts):
        """The steps of a path, each a word or a piece of code; None where it is more than steps."""
        codes = iter(parts[1::2])
        steps = CODE.join(parts[0::2]).split("/")
        if not all(one == CODE or STEP.fullmatch(one) for one in steps):
            return None
        return [f"({next(codes)})" if one == CODE else self.said(one, f"'{one}'") for one in steps]

    def sum(self, parts, whole):
        """A template as a sum of texts and codes, where that is shorter; `whole` is the template.
        One that begins with two codes is none: they might be numbers."""
        if "\\" in whole or "\n" in whole or not (parts[0] or parts[2:3] and parts[2]):
            return whole
        said, n = [], 0
        for i, one in enumerate(parts):
            if i % 2:
                said.append(f"({one})")
                n += len(one) + 2 * bool(WEAK.search(bare(one)))
            elif one:
                self.pieces.append(one)
                said.append(self.piece(one))
                n += len(said[-1])
        if n + len(said) - 1 >= len(whole):
            return whole
        self.used.update(one for one in said if one.startswith("$"))
        return f"({' + '.join(said)})"

    def piece(self, text):
        instead = self.instead.get(text, "")
        return instead if instead.startswith("$") else json.dumps(text, ensure_ascii=False)

    def token(self, out, before):
        one = self.text[self.at]
        if one in "'\"":
            return self.quoted(before)
        if one == "`":
            return self.template(out, before)
        if self.text.startswith(("//", "/*"), self.at):
            return self.comment()
        if one == "/" and before in BEFORE_PATTERN:
            return self.pattern()
        word = WORD.match(self.text, self.at)
        self.at = word.end() if word else self.at + 1
        return self.word(word.group(), out, before) if word else one

    def word(self, word, out, before):
        """A word, or what stands for it: for a member, a name, or a word of the language."""
        is_name = before in ("{", ",") and re.compile(r"\s*:").match(self.text, self.at)
        is_member = before == "." and out[-2:-1] != ["."]
        if is_name or is_member:
            return self.member(word, out, is_member)
        if before == "." or (before, word) == ("return", "undefined"):
            return word
        return self.plain(word)

    def plain(self, word):
        """A word of the language, or its name."""
        if word in self.numbers:
            return self.numbers[word]
        member = MEMBER.match(self.text, self.at)
        if member and word + member.group() in self.words:
            self.at = member.end()
            word += member.group()
        instead = self.words.get(word)
        if instead:
            self.used.add(instead)
        return instead or word

    def member(self, word, out, is_member):
        """`.name` or `name:`; one that a text stands for is asked for by that."""
        (self.members if is_member else self.names).append(word)
        instead = self.instead.get(word, "")
        if (len(word) < LONG and word not in OFTEN) or not instead.startswith("$"):
            return word
        self.used.add(instead)
        if is_member and out[-2:-1] != ["?"]:
            out.pop()
        return f"[{instead}]"

    def code(self):
        """Code up to the brace that closes what was opened before it, or to the end."""
        out, depth, before = [], 0, ""
        while self.at < len(self.text):
            token = self.token(out, before)
            depth += (token == "{") - (token == "}")
            if depth < 0:
                return "".join(out).strip()
            out.append(token)
            before = before if token.isspace() else token
        return "".join(out) if depth == 0 else self.fail("a brace that is not closed")


class Template:
    def __init__(self, reader):
        self.reader = reader
        parts = reader.parts()
        self.codes, self.text = iter(parts[1::2]), CODE.join(parts[0::2])
        self.at = 0

    def take(self, pattern):
        found = re.compile(pattern).match(self.text, self.at)
        self.at = found.end() if found else self.at
        return found and found.group()

    def code(self):
        """Code as one member of a list, also if it says several things."""
        return f"({next(self.codes)})"

    def calls(self):
        roots = self.children("")
        return roots[0] if len(roots) == 1 else f"[{','.join(roots)}]"

    def children(self, of):
        found = []
        while self.at < len(self.text):
            if self.take(CODE):
                found.append(self.code())
            elif end := self.take(f"</[^>{CODE}]*>"):
                if not of or end[2:-1].strip("/") not in ("", of):
                    self.reader.fail(f"{end} closes {of or 'nothing'}")
                return found
            elif self.take("<"):
                found.append(self.element())
            elif text := re.sub(r"^\s*\n\s*|\s*\n\s*$", "", self.take(f"[^<{CODE}]+")):
                found.append(self.said(text))
        return self.reader.fail(f"{of} is not closed") if of else found

    def element(self):
        tag = self.take(r"[a-z][a-z0-9]*")
        if not tag and not self.take(CODE):
            self.reader.fail("a < that begins no tag")
        component = None if tag else self.code()
        members = {}
        while self.take(r"\s*(?=/?>)") is None:
            self.member(members)
        children = [] if self.take("/?>") == "/>" else self.children(tag or "component")
        if component:
            self.reader.drawn.append((component[1:-1], [*members, *["children"] * bool(children)],
                                      None in members.values()))
            if component[1:-1] in self.reader.given:
                return self.placed(component[1:-1], members, children)
        known = component and self.reader.components.get(component[1:-1])
        if component and not known:
            given = [self.props(members) or "0"] if members or children else []
            return f"h({','.join([component, *given, *children])})"
        if known:
            self.reader.used.add(known)
        call = known or self.named(tag, members)
        return f"{call}({','.join([*filter(None, [self.props(members)]), *children])})"

    def placed(self, name, members, children):
        """A component that is given things by their place."""
        asks, known = self.reader.given[name].asks, self.reader.components.get(name)
        key = members.pop("key", None)
        if children:
            members["children"] = children[0] if len(children) == 1 else f"[{','.join(children)}]"
        unknown = {one: members.pop(one) for one in list(members) if one not in asks}
        if unknown and "..." in asks:
            members["..."] = self.props(unknown)
        elif unknown:
            self.reader.fail(f"{name} asks for no {', '.join(sorted(unknown))}")
        while asks and asks[-1] not in members:
            asks = asks[:-1]
        row = [self.given(members[one]) if one in members else self.reader.plain("undefined")
               for one in asks]
        if known:
            self.reader.used.add(known)
        call = f"{known}({','.join(row)})" if known else f"piece({','.join([name, *row])})"
        return f"keyed({self.given(key)},{call})" if key else call

    def named(self, tag, members):
        """The name of the element; takes out of the attributes what is the same each time."""
        self.reader.attributes.update(members)
        fixed = {} if None in members.values() else {  # a spread may hold the same ones
            name: value[1:-1] for name, value in members.items()
            if PLAIN.fullmatch(value) and name not in ("key", "value")}
        for name in fixed:
            del members[name]
        kind = "." + fixed.pop("class") if "class" in fixed else ""
        of = ";".join([tag + kind, *(f"{name}={value}" for name, value in fixed.items())])
        elements = self.reader.elements
        name = elements.setdefault(of, f"$e{len(elements)}")
        self.reader.used.add(name)
        return name

    def member(self, members):
        if not self.take(r"\s+"):
            self.reader.fail("two attributes without a space between them")
        if self.take(r"\.\.\." + CODE):
            members[f"...{self.code()}"] = None
            return
        name = self.take(r"[a-zA-Z_][\w-]*") or self.reader.fail("neither attribute nor end")
        members[name] = self.value() if self.take("=") else "true"

    def value(self):
        if self.take(CODE):
            return self.code()
        return self.take(f'"[^"{CODE}]*"') or self.reader.fail("a value is code or text in quotes")

    def said(self, text):
        return self.reader.said(text, string(text))

    def given(self, value):
        return self.said(value[1:-1]) if value.startswith(QUOTE) else value

    def props(self, members):
        """What is given by name; where that is a link alone, `way` makes it."""
        asked = list(members) == ["href"] and LINK.fullmatch(members["href"])
        if asked and is_closed(asked.group(1)):
            self.reader.used.add("way")
            return f"way({asked.group(1)})"
        rows = [name if value is None else f"{self.name(name)}:{self.given(value)}"
                for name, value in members.items()]
        return f"{{{','.join(rows)}}}" if rows else None

    def name(self, name):
        said = self.reader.member(name, [], False)
        return said if said != name or WORD.fullmatch(name) else string(name)


def is_closed(code):
    """Whether each bracket in it is closed in it."""
    depth = 0
    for one in code:
        depth += (one in "([{") - (one in ")]}")
        if depth < 0:
            return False
    return depth == 0


def string(text):
    """What is escaped in the source stays so."""
    return '"' + text.replace('"', '\\"').replace("\n", "\\n") + '"'
