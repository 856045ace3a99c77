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
import bundle  # noqa: E402
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
    ("a template that is none of html", "`<p class=\"x\">${a}</p>`"),
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
const element = %s;
const [a, b, f, C, list] = [1, 'two', () => 3, 'Component', ['x', 'y']];
const rest = { id: 'r', class: 'of-rest' };
const show = (value) => JSON.stringify(value,
    (_, one) => (typeof one === 'function' ? String(one(5)?.type ?? one(5)) : one));
const built = %s;
const read = [%s];
console.log(JSON.stringify(read.map((one, i) => [show(one()), show(built[i]())])));
"""


def element_of():
    """The function of the pages themselves."""
    text = (PAGES / "base/html.js").read_text()
    begin = text.index("export const element = ") + len("export const element = ")
    return text[begin:text.index("\n};\n", begin) + 2]


def same_calls(instead=None):
    elements, instead = {}, instead or {}
    built = [templates.compiled(f"() => {source}\n", why, elements, instead)[0]
             for why, source in MEANS]
    made = (f"(([{','.join(elements.values())}], [{','.join(instead.values())}]) =>"
            f" [{','.join(built)}])"
            f"({json.dumps(list(elements))}.map(element), {json.dumps(list(instead))})")
    code = RUN % (PAGES / "vendor/htm.js", element_of(), made,
                  ",".join(f"() => {source}\n" for _, source in MEANS))
    told = subprocess.run(["node", "--input-type=module", "-e", code],
                          capture_output=True, text=True)
    if told.returncode:
        return [f"node: {told.stderr}"]
    return [f"{why}: htm reads {read}, built is {one}"
            for (why, _), (read, one) in zip(MEANS, json.loads(told.stdout)) if read != one] + \
        [f"{why}: a template is left" for (why, _), one in zip(MEANS, built) if "html" in one]


def same_calls_shared():
    """Each text that is said stands somewhere else."""
    met = {one for why, source in MEANS
           for one in templates.compiled(source + "\n", why, {}, {})[1].strings
           if bundle.SHARED.fullmatch(one)}
    if len(met) < 10:
        return [f"hardly a text: {met}"]
    return same_calls({text: f"$s{number}" for number, text in enumerate(sorted(met))})


def refused():
    wrong = []
    for why, source, said in REFUSED:
        try:
            templates.compiled(f"\n{source}", "a.js", {}, {})
            wrong.append(f"{why}: taken")
        except templates.NotUnderstood as error:
            if said not in str(error) or not str(error).startswith("a.js:"):
                wrong.append(f"{why}: {error}")
    return wrong


def arrows():
    cases = (
        ("a function", "export async function F({ a }) {\n    return a;\n}\n",
         "export const F = async ({ a }) => {\n    return a;\n};\n"),
        ("what says this stays what it is", "function F() {\n    this.a = 1;\n}\n", None),
        ("so does what counts its arguments", "function F() {\n    g(arguments);\n}\n", None),
        ("a member may be called so", "function F(of) {\n    return of.arguments;\n}\n",
         "const F = (of) => {\n    return of.arguments;\n};\n"),
        ("one inside another stays", "    function f() {\n    }\n", None),
    )
    return [f"{why}: {got}" for why, code, expected in cases
            for got in [templates.compiled(code, why, {}, {})[0]] if got != (expected or code)]


def sent(code, catalogue):
    """The code and the catalogue, as sent."""
    _, met = templates.compiled(code, "a.js", {}, {})
    numbers = word_numbers.numbers_of(met.strings, set(catalogue))
    return templates.compiled(code, "a.js", {}, numbers)[0], \
        word_numbers.numbered(catalogue, numbers, set(met.texts))


def numbers():
    cases = (
        ("what is said has a number, the most said the first", "t('a.b') + t('a.c') + x('a.c')",
         "t(1) + t(0) + x(0)", {"0": "C", "1": "B"}),
        ("in a template, too", "html`<p title=${t('a.b')}>${t('a.c')}</p>`",
         '$e0({title:(t(0))},(t(1)))', {"0": "B", "1": "C"}),
        ("what no code says stays", "t('a.b')", "t(0)", {"0": "B", "a.c": "C"}),
        ("what a template may make stays", "t(`a.${x}`)", "t(`a.${x}`)", {"a.b": "B", "a.c": "C"}),
        ("what is said and may be made is there twice, once in words", "t('a.b') + t(`a.${x}`)",
         "t(0) + t(`a.${x}`)", {"0": "B", "a.b": 0, "a.c": "C"}),
        ("a template with an end", "t('a.b') + t('a.c') + t(`a.${x}c`)",
         "t(0) + t(1) + t(`a.${x}c`)", {"0": "B", "1": "C", "a.c": 1}),
        ("a template in a template", "html`<p>${t('a.b')}${t(`a.${`${x}`}`)}</p>`",
         "$e0((t(0)),(t(`a.${`${x}`}`)))", {"0": "B", "a.b": 0, "a.c": "C"}),
    )
    wrong = []
    for why, code, code_sent, catalogue_sent in cases:
        got = sent(code, {"a.b": "B", "a.c": "C"})
        if got != (code_sent, catalogue_sent):
            wrong.append(f"{why}: {got}")
    unknown = ("t(`${a}.b`)", "has('a.' + b)", "said(`${a}.b`, c)")
    return wrong + [f"{code}: taken" for code in unknown if not word_numbers.unknown(code)]


def readers():
    return [templates.compiled(path.read_text(), path, {}, {})[1] for path in PAGES.rglob("*.js")
            if path.parent.name != "vendor"]


def ours():
    """Names that are sent as shorter ones are nobody else's."""
    met, code = readers(), "\n".join(path.read_text() for path in PAGES.rglob("*.js"))
    api = (ROOT / "docs/openapi.yaml").read_text()
    others = {
        "a member of the API": set(re.findall(r"(?:^|name: )\W*(\w+)\W*(?:$|:)", api, re.M)),
        "written in quotes": {one for of in met for one in of.strings},
        "filled in by words": {name for path in (PAGES / "words").glob("*.json")
                               for text in json.loads(path.read_text()).values()
                               for name in re.findall(r"\{(\w+)\}", text)},
    }
    wrong = [f"{name} is {what}" for what, names in others.items() for name in bundle.OURS
             if name in names]
    wrong += [f"{name} is nowhere" for name in bundle.OURS if not re.search(rf"\b{name}\b", code)]
    # what an element is given goes to the browser by name, but for what draw.js has in its table
    table = re.search(r"const EVENTS = \{([^}]*)\}", code).group(1)
    known = set(re.findall(r"(\w+):", table))
    given = {name for of in met for name in of.attributes}
    return wrong + [f"{name} goes to the browser" for name in bundle.OURS
                    if name in given and name not in known]


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
             ("what is not understood is refused with its line", refused),
             ("functions become arrows where that is the same", arrows),
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
