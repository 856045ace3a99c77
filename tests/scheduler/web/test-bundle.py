#!/usr/bin/env python3
"""test-bundle.py ROOT: what the build makes of the pages means what their source means.

Templates are built, and read by htm itself, and both run in Node: the same calls of h come out.
Names of words become numbers, and none that the code can ask for is lost.
"""
import json
import pathlib
import re
import subprocess
import sys

sys.dont_write_bytecode = True
ROOT = pathlib.Path(sys.argv[1]).resolve()
PAGES = ROOT / "scheduler/web/pages"
sys.path.insert(0, str(PAGES))
import arrows  # noqa: E402
import bundle  # noqa: E402
import given  # noqa: E402
import templates  # noqa: E402
import word_numbers  # noqa: E402

# (why, an expression with templates); a, b, f, C, list and rest have values
MEANS = (
    ("an element", "html`<p>yes</p>`"),
    ("a class is no attribute like others", 'html`<p class="row end" id="x">yes</p>`'),
    ("a class that code makes", "html`<p class=${a} id=${b} />`"),
    ("a class beside a spread stays in its order", 'html`<p class="one" ...${rest} />`'),
    ("a spread over a class", 'html`<p ...${rest} class="one" />`'),
    ("what is there or not", "html`<input disabled />`"),
    ("names with a dash", 'html`<a aria-label="x" data-from=${a} />`'),
    ("an empty value", 'html`<a title="" />`'),
    ("a component, closed by what closes anything", "html`<${C} one=${a}><b>${a}</b><//>`"),
    ("a component without attributes", "html`<${C}>${() => 1}<//>`"),
    ("a child that is a function", "html`<${C} of=${f}>${(x) => html`<i>${x}</i>`}<//>`"),
    ("children first, without attributes", "html`<p>${a}<b>${b}</b>${[a, b]}${null}${false}</p>`"),
    ("a child that is an element", "html`<p>${html`<b />`}</p>`"),
    ("nothing inside", "html`<p></p>`"),
    ("two roots", "html`<p>a</p><p>b</p>`"),
    ("two pieces of code", "html`${a}${b}`"),
    ("lines and indentation say nothing", "html`\n    <p>\n        one\n    </p>\n`"),
    ("spaces in a line do", "html`<p> ${a} and ${b} </p>`"),
    ("a line within text is one of its letters", "html`<p>one\n   two</p>`"),
    ("attributes on several lines", 'html`<p\n    id="x"\n    title=${a}\n>y</p>`'),
    ("quotes in text", "html`<p>\"one\" 'two'</p>`"),
    ("what is escaped", "html`<p>\\u2212 \\`x\\`</p>`"),
    ("code that says several things", "html`<p>${(a, b)}</p>`"),
    ("templates in templates",
     "html`<p>${list.map((one) => html`<b key=${one}>${`${one}!`}</b>`)}</p>`"),
    ("braces in code", "html`<p style=${{ '--x': `${a}}` }}>${'}'}</p>`"),
    ("patterns with quotes and braces", "html`<p>${'a/b'.replace(/[/'`}]/g, \"`\")}</p>`"),
    ("a division is no pattern", "html`<p>${4 / 2 / 1}</p>`"),
    ("comments", "html`<p>${/* `} */ a}</p>` // `"),
    ("texts as names and values",
     "html`<p ...${{ 'data-x': 'data-x', y: 1 ? 'data-x' : 'b' }} />`"),
    ("members by name", "html`<p title=${list.length + list.concat(list)?.concat([a]).length}"
     " style=${{ concat: { length: 1 }.length, ...rest }} />`"),
    ("a template that is none of html", "`<p class=\"x\">${a}</p>`"),
    ("one that becomes a sum", "`x${a}` + `${b}, \"y\"` + `${a} of ${b}` + `${a ? 2 : b} of ${a || b}`"),
    ("two numbers are no sum", "`${a}${a} and ${a}` + `${a}${a}` + `${a}`"),
    ("a template in a sum", "`x${`${b} of ${list.map((one) => `${one}=${`n${a}`}`)}`}`.length"),
    ("what is escaped is no sum", "`\\n${a}` + `\\u2212${a}`"),
    ("who is called with a template", "((texts, ...codes) => `${texts.join(0)} ${codes}`)`x${a}`"),
)
# (why, source, what is said)
REFUSED = (
    ("a tag left open", "html`<p>`", "p is not closed"),
    ("one closed as another", "html`<p></b>`", "</b> closes p"),
    ("an end of nothing", "html`</p>`", "closes nothing"),
    ("a value of text and code", 'html`<p id="a${b}" />`', "code or text in quotes"),
    ("a value without quotes", "html`<p id=a />`", "code or text in quotes"),
    ("attributes that touch", 'html`<p id="a"title="b" />`', "without a space"),
    ("a sign that is no attribute", "html`<p =a />`", "neither attribute"),
    ("a string over the line", "const a = 'b\n'", "does not end"),
    ("a template left open", "html`<p>", "does not end"),
    ("a brace left open", "html`<p>${a", "does not end"),
)
RUN = """
import htm from '%s';
const h = (type, props, ...children) => ({ constructor: null, type,
    props: Object.entries(props || {}).sort(),
    children: children.length === 1 && children[0] === undefined ? [] : children });
const html = htm.bind(h);
%s
const [a, b, f, C, list] = [1, 'two', () => 3, 'Component', ['x', 'y']];
const rest = { id: 'r', class: 'of-rest' };
const show = (value) => JSON.stringify(value,
    (_, one) => (typeof one === 'function' ? String(one(5)?.type ?? one(5)) : one));
const built = %s;
const read = [%s];
console.log(JSON.stringify(read.map((one, i) => [show(one()), show(built[i]())])));
"""


def functions_of_calls():
    """caller and element, as the pages themselves have them."""
    text = (PAGES / "base/html.js").read_text()
    begin, end = text.index("export const caller = "), text.index("/* Listens to events")
    return text[begin:end].replace("export ", "")


def same_calls(texts=(), words=(), components=()):
    """texts, words and components, each to the name that stands for it."""
    elements, texts, words, components = {}, dict(texts), dict(words), dict(components)
    built = [arrows.compiled(f"() => {source}\n", why, elements, texts, words, components)[0]
             for why, source in MEANS]
    rows = [*((name, f"element({json.dumps(of)})") for of, name in elements.items()),
            *((name, json.dumps(text)) for text, name in texts.items()),
            *((name, word) for word, name in words.items()),
            *((name, f"caller(() => {one})") for one, name in components.items())]
    names, values = zip(*rows)
    made = f"(({','.join(names)}) => [{','.join(built)}])({','.join(values)})"
    code = RUN % (PAGES / "vendor/htm.js", functions_of_calls(), made,
                  ",".join(f"() => {source}\n" for _, source in MEANS))
    told = subprocess.run(["node", "--input-type=module", "-e", code],
                          capture_output=True, text=True)
    if told.returncode:
        return [f"node: {told.stderr}"]
    return [f"{why}: htm reads {read}, built is {one}"
            for (why, _), (read, one) in zip(MEANS, json.loads(told.stdout)) if read != one] + \
        [f"{why}: a template is left" for (why, _), one in zip(MEANS, built) if "html" in one] + \
        [f"{name} is nowhere" for name in names if not any(name in one for one in built)]


def same_calls_shared():
    """Each text and name that is said stands somewhere else; so do words, and a component."""
    readers_ = [arrows.compiled(source + "\n", why, {}, {})[1] for why, source in MEANS]
    met = {one for of in readers_ for one in of.strings if bundle.SHARED.fullmatch(one)}
    met |= {one for of in readers_ for one in (*of.names, *of.members)
            if len(one) >= templates.LONG}
    if len(met) < 10:
        return [f"hardly a text: {met}"]
    return same_calls({text: f"$s{number}" for number, text in enumerate(sorted(met))},
                      {"null": "$s_null", "false": "$s_false"}, {"C": "$c_C"})


def refused():
    wrong = []
    for why, source, said in REFUSED:
        try:
            arrows.compiled(f"\n{source}", "a.js", {}, {})
            wrong.append(f"{why}: taken")
        except templates.NotUnderstood as error:
            if said not in str(error) or not str(error).startswith("a.js:"):
                wrong.append(f"{why}: {error}")
    return wrong


def members():
    """What is the name of a member, and what only looks like one."""
    cases = (
        ("a member", "a.length", "a[$s0]"),
        ("one of what may be nothing", "a?.length", "a?.[$s0]"),
        ("one that is called, on the next line", "a\n    .length(1)", "a\n    [$s0](1)"),
        ("one that is given", "({ b: 1, length: 2 })", "({ b: 1, [$s0]: 2 })"),
        ("one that is taken", "({ length: b }) => b", "({ [$s0]: b }) => b"),
        ("a name that is a value, too", "({ length })", "({ length })"),
        ("a value", "f(a, length)", "f(a, length)"),
        ("one of two", "a ? length : b", "a ? length : b"),
        ("what is spread", "[...length]", "[...length]"),
        ("a short one stays", "a.get", "a.get"),
        ("null is no member", "a.b = null", "a.b = $s_null"),
        ("a function of the language", "Math.max(a.Math.max, Math.min(1))", "$s_max(a.Math.max, Math.min(1))"),
        ("but may be one's name", "a.null + { null: 1 }", "a.null + { null: 1 }"),
        ("nothing is returned as nothing", "return undefined", "return undefined"),
    )
    return [f"{why}: {got}" for why, code, expected in cases
            for got in [arrows.compiled(code, why, {}, {"length": "$s0", "map": "$s1"},
                                           {"null": "$s_null", "undefined": "$s_undefined",
                                            "Math.max": "$s_max"})[0]] if got != expected]


def functions():
    cases = (
        ("a function", "export async function F({ a }) {\n    return a;\n}\n",
         "export const F = async ({ a }) => {\n    return a;\n};\n"),
        ("what says this stays what it is", "function F() {\n    this.a = 1;\n}\n", None),
        ("so does what counts its arguments", "function F() {\n    g(arguments);\n}\n", None),
        ("a member may be called so", "function F(of) {\n    return of.arguments;\n}\n",
         "const F = (of) => {\n    return of.arguments;\n};\n"),
        ("one inside another stays", "    function f() {\n    }\n", None),
        ("a number that costs more by name", "const MOST = 2 * 30; /* of them */\nf(MOST, a.MOST, -MOST);\n",
         "  \nf(60, a.MOST, -60);\n"),
        ("one that costs less", "const MS = 1234567;\nf(MS, MS, MS, MS);\n", None),
        ("one that is no number", "const A = B;\nf(A);\n", None),
        ("one that others ask for", "export const MOST = 8;\nf(MOST);\n", None),
        ("is a list empty?", "f(a.b.length === 0, a.length > 0 ? b : c);\n",
         "f(!a.b.length, a.length ? b : c);\n"),
        ("it is of what is made", "f(a().length === 0, [a].length > 0 ? b : c, a?.length === 0, a.length > 0);\n", None),
    )
    return [f"{why}: {got}" for why, code, expected in cases
            for got in [arrows.compiled(code, why, {}, {})[0]] if got != (expected or code)]


def values():
    """What a function fixes first stands among what it is given, if nobody may give it that."""
    cases = (
        ("a component", "F({ a })", "const b = a.b; return b;", "({ a }, b = a.b) => (b);"),
        ("one that asks for nothing is given something all the same", "F()",
         "const [a, b] = f(); return a + b;", "($given, [a, b] = f()) => (a + b);"),
        ("a hook that asks for nothing is given nothing", "useA()",
         "const a = f(); return a;", "(a = f()) => (a);"),
        ("conditions and acts before the value", "F({ a })",
         "f(a); if (!a) return null; return a;", "({ a }) => (f(a), ((!a) ? (null) : (a)));"),
        ("what is fixed after a condition is fixed there", "F({ a })",
         "const b = f(a); if (!b) return null; const c = b.c; return c;",
         "({ a }, b = f(a)) => ((!b) ? (null) : ((c = b.c) => (c))());"),
        ("but not where something is waited for", "async F(a)",
         "if (!a) return a; const b = a.b; return await b;",
         "async (a) => { if (!a) return a; const b = a.b; return await b; };"),
        ("so does what is waited for", "async F()", "const a = await f(); return a;",
         "async () => { const a = await f(); return a; };"),
        ("a value that waits may stand alone", "async F(a)", "return await a;",
         "async (a) => (await a);"),
        ("a semicolon in a function, a text or a pattern ends nothing", "F({ a })",
         "const b = () => { f(';'); }; return a.match(/;/) || b;",
         "({ a }, b = () => { f(';'); }) => (a.match(/;/) || b);"),
        ("a block is no value", "F({ a })", "for (const b of a) f(b); return a;",
         "({ a }) => { for (const b of a) f(b); return a; };"),
        ("who does not end with a value has none", "F({ a })", "f(a);", "({ a }) => { f(a); };"),
        ("who takes all that it is given", "F(...a)", "const b = a; return b;",
         "(...a) => { const b = a; return b; };"),
        ("who is handed on", "g(a)", "const b = a; return b;",
         "(a) => { const b = a; return b; };"),
    )
    called = arrows.only_called([
        "const F = () => 1;\nconst useA = () => 2;\nconst g = () => 3;\n"
        "import { g } from 'a';\nF(useA(1), [1].map(g));\n"])
    wrong = [] if called == {"F", "useA"} else [f"only called: {called}"]
    for why, head, body, expected in cases:
        is_async, name = re.match(r"(async )?(\w+)", head).groups("")
        head = head.removeprefix(is_async)
        code, _ = arrows.compiled(f"{is_async}function {head} {{\n    {body}\n}}\n", why, {}, {},
                                     called=called)
        if " ".join(code.split()) != f"const {name} = {expected}":
            wrong.append(f"{why}: {code}")
    return wrong


def places():
    """What components are given, one after the other; and those that are left as they are."""
    cases = (
        ("what is given most often stands first", "function F({ a, b }) {\n    return a + b;\n}\n",
         "html`<${F} b=${1} /><${F} a=${2} b=${3} />`",
         "const F = (b, a) => (a + b);", "[piece(F,(1)),piece(F,(3),(2))]"),
        ("what is not given before what is", "function F({ a, b }) {\n    return a;\n}\n",
         "html`<${F} a=\"x\" b /><${F} b />`",
         "const F = (b, a) => (a);", '[piece(F,true,"x"),piece(F,true)]'),
        ("a place between that has nothing", "const F = ({ a, b, c }) => a;\n",
         "html`<${F} a=${1} c=${2} /><${F} a=${1} b=${3} /><${F} b=${3} />`", "const F = (a, b, c) => a;",
         "[piece(F,(1),undefined,(2)),piece(F,(1),(3)),piece(F,undefined,(3))]"),
        ("children and a key", "const F = ({ children }) => children;\n",
         "html`<${F} key=${1}>one<//><${F}>${1}<b />${2}<//>`", "const F = (children) => children;",
         '[keyed((1),piece(F,"one")),piece(F,[(1),$e0(),(2)])]'),
        ("one with another name, a value for nothing, and its parts",
         "const F = ({ class: a, b = [1, 2], c: { d, e = 3 } }) => a;\n",
         "html`<${F} class=${1} b=${2} c=${3} />`", "const F = (a, b = [1, 2], { d, e = 3 }) => a;",
         "piece(F,(1),(2),(3))"),
        ("one that asks for nothing is given nothing", "function F() {\n    const a = b();\n"
         "    return a;\n}\n", "html`<${F} />`", "const F = (a = b()) => (a);", "piece(F)"),
        ("more is spread", "const F = ({ a }) => a;\n", "html`<${F} ...${b} />`",
         "const F = ({ a }) => a;", "h((F),{...(b)})"),
        ("the rest of what is given", "const F = ({ a, ...b }) => a;\n",
         "html`<${F} a=${1} c d=\"x\" /><${F} a=${1}>y<//><${F} e />`", "const F = (b, a) => a;",
         '[piece(F,{c:true,d:"x"},(1)),piece(F,{children:"y"},(1)),piece(F,{e:true})]'),
        ("more is spread among the rest", "const F = ({ a, ...b }) => a;\n",
         "html`<${F} ...${c} />`", "const F = ({ a, ...b }) => a;", "h((F),{...(c)})"),
        ("things by one name", "const F = (a) => a;\n", "html`<${F} a=${1} />`",
         "const F = (a) => a;", "h((F),{a:(1)})"),
        ("one is told by another one", "const F = ({ a, b = a }) => b;\n", "html`<${F} b=${1} />`",
         "const F = ({ a, b = a }) => b;", "h((F),{b:(1)})"),
        ("somebody else is handed the component", "const F = ({ a }) => a;\n",
         "html`<${F} a=${1} />${G(F)}`", "const F = ({ a }) => a;", "[h((F),{a:(1)}),(G(F))]"),
    )
    wrong = []
    for why, made, drawn, expected, calls in cases:
        codes = {"a.js": f"export {made}", "b/c.js":
                 f"import {{ F }} from '../a.js';\nexport const x = () => {drawn};\n"}
        plain, met = zip(*(arrows.compiled(code, path, {}, {}) for path, code in codes.items()))
        found = given.given_by_place(codes, plain, met)
        got = [arrows.compiled(code, path, {}, {}, called={"F"}, given=found[path])[0].strip()
               for path, code in codes.items()]
        if " ".join(got[0].split()) != f"export {expected}" or not got[1].endswith(f"=> {calls};"):
            wrong.append(f"{why}: {got}")
    return wrong


def misgiven():
    codes = {"a.js": "const F = ({ a }) => a;\nhtml`<${F} a=${1} b=${2} />`;\n"}
    plain, met = zip(*(arrows.compiled(code, path, {}, {}) for path, code in codes.items()))
    try:
        arrows.compiled(codes["a.js"], "a.js", {}, {},
                        given=given.given_by_place(codes, plain, met)["a.js"])
    except templates.NotUnderstood as error:
        return [] if "a.js:2: F asks for no b" in str(error) else [str(error)]
    return ["what nobody asks for is given"]


def sent(code, catalogue):
    """The code and the catalogue, as sent."""
    _, met = arrows.compiled(code, "a.js", {}, {})
    numbers = word_numbers.numbers_of(met.strings, set(catalogue))
    return arrows.compiled(code, "a.js", {}, numbers)[0], \
        word_numbers.numbered(catalogue, numbers, set(met.texts))


def numbers():
    cases = (
        ("what is said has a number, the most said the first", "t('a.b') + t('a.c') + x('a.c')",
         "t(1) + t(0) + x(0)", {"0": "C", "1": "B"}),
        ("in a template, too", "html`<p title=${t('a.b')}>${t('a.c')}</p>`",
         '$e0({title:(t(0))},(t(1)))', {"0": "B", "1": "C"}),
        ("what no code says stays", "t('a.b')", "t(0)", {"0": "B", "a.c": "C"}),
        ("what a template may make stays", "t(`a.${x}`)", 't(("a." + (x)))', {"a.b": "B", "a.c": "C"}),
        ("what is said and may be made is there twice, once in words", "t('a.b') + t(`a.${x}`)",
         't(0) + t(("a." + (x)))', {"0": "B", "a.b": 0, "a.c": "C"}),
        ("a template with an end", "t('a.b') + t('a.c') + t(`a.${x}c`)",
         "t(0) + t(1) + t(`a.${x}c`)", {"0": "B", "1": "C", "a.c": 1}),
        ("a template in a template", "html`<p>${t('a.b')}${t(`a.${`${x}`}`)}</p>`",
         '$e0((t(0)),(t(("a." + (`${x}`)))))', {"0": "B", "a.b": 0, "a.c": "C"}),
    )
    wrong = []
    for why, code, code_sent, catalogue_sent in cases:
        got = sent(code, {"a.b": "B", "a.c": "C"})
        if got != (code_sent, catalogue_sent):
            wrong.append(f"{why}: {got}")
    unknown = ("t(`${a}.b`)", "has('a.' + b)", "said(`${a}.b`, c)")
    return wrong + [f"{code}: taken" for code in unknown if not word_numbers.unknown(code)]


def readers():
    return [arrows.compiled(path.read_text(), path, {}, {})[1] for path in PAGES.rglob("*.js")
            if path.parent.name != "vendor"]


def ours():
    """Names that are sent as shorter ones are nobody else's."""
    met, code = readers(), "\n".join(path.read_text() for path in PAGES.rglob("*.js"))
    api = (ROOT / "docs/openapi.yaml").read_text()
    # in quotes the browser's own: what draw.js has in its tables
    tables = "".join(re.findall(r"const (?:EVENTS|NAMES) = \{([^}]*)\}", code))
    theirs = set(re.findall(r"(\w+):", tables))
    others = {
        "a member of the API": set(re.findall(r"(?:^|name: )\W*(\w+)\W*(?:$|:)", api, re.M)),
        "written in quotes": {one for of in met for one in of.strings} - theirs,
        "filled in by words": {name for path in (PAGES / "words").glob("*.json")
                               for text in json.loads(path.read_text()).values()
                               for name in re.findall(r"\{(\w+)\}", text)},
    }
    wrong = [f"{name} is {what}" for what, names in others.items() for name in bundle.OURS
             if name in names]
    wrong += [f"{name} is nowhere" for name in bundle.OURS if not re.search(rf"\b{name}\b", code)]
    # what an element is given goes to the browser by name, but for what draw.js has in its tables
    given = {name for of in met for name in of.attributes}
    return wrong + [f"{name} goes to the browser" for name in bundle.OURS
                    if name in given and name not in theirs]


# (why, what the source says, what is sent)
PATHS = (
    ("each step by itself", "at`slots/${one.id}/stop`", "along('slots',(one.id),'stop')"),
    ("code that says several things", "at`a/${x ? y : z}/${w}`", "along('a',(x ? y : z),(w))"),
    ("a word with dashes", "at`alert-imports/${id}`", "along('alert-imports',(id))"),
    ("more than steps stays a template", "at`wanted?of=${id}`", "at`wanted?of=${id}`"),
    ("and so does a step of word and code", "at`a/b-${id}`", "at`a/b-${id}`"),
    ("and one that no word is", "at`a/${id}/`", "at`a/${id}/`"),
    ("a text of others is no path", "`slots/${id}`", "`slots/${id}`"),
)


def paths():
    wrong = []
    for why, source, meant in PATHS:
        reader = templates.Reader(f"f({source})", "paths.js", {}, {})
        built = reader.code()
        if built != f"f({meant})" and not (source[0] == "`" and "along" not in built):
            wrong.append(f"{why}: {built}")
        if ("along" in reader.used) != ("along" in meant):
            wrong.append(f"{why}: along is asked for wrongly")
    return wrong


def pages():
    """Each name that the code says or may make leads to its words in what is sent."""
    met = readers()
    strings = [one for of in met for one in of.strings]
    texts = {one for of in met for one in of.texts}
    kept, wrong = word_numbers.made_up(texts), []
    for path in sorted((PAGES / "words").glob("*.json")):
        words = json.loads(path.read_text())
        numbers_ = word_numbers.numbers_of(strings, set(words))
        rows = word_numbers.numbered(words, numbers_, texts)
        for name, text in words.items():
            asked = [one for one, asks in ((numbers_.get(name), name in numbers_),
                                           (name, kept.fullmatch(name))) if asks]
            found = [rows.get(one) for one in asked]
            # a name leads to its number, as base/words.js follows it
            found = [rows.get(str(one)) if isinstance(one, int) else one for one in found]
            if found != [text] * len(asked):
                wrong.append(f"{path.name}: {name} is lost: {asked}")
            if not asked:
                wrong.append(f"{path.name}: nothing asks for {name}")
    return wrong


def main():
    tests = (("built templates call what htm would call", same_calls),
             ("so they do where texts are shared", same_calls_shared),
             ("names of members are asked for by what stands for them", members),
             ("what is not understood is refused with its line", refused),
             ("functions become arrows where that is the same", functions),
             ("functions say their value where that is the same", values),
             ("components are given things by their place where that is the same", places),
             ("what a component does not ask for is told", misgiven),
             ("paths are told step by step", paths),
             ("names of words become numbers", numbers),
             ("names that are sent as shorter ones are our own", ours),
             ("no word of the pages is lost, and none is left over", pages))
    print(f"1..{len(tests)}")
    bad = False
    for i, (name, test) in enumerate(tests):
        wrong = test()
        print(f"{'not ok' if wrong else 'ok'} {i + 1} - {name}")
        for line in wrong:
            print("# " + line.replace("\n", "\n# "))
        bad |= bool(wrong)
    return bad


sys.exit(main())
