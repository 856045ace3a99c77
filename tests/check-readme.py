#!/usr/bin/python3
"""check-readme.py ROOT BUILD [--write]: what README and docs/ say is what the programs say.

The tables of keys between `<!-- describe PROGRAM -->` and `<!-- /describe -->` are what the program
prints; every command and option of a program that is named exists; the example configurations
are in order; exit codes, reasons and event names are those of the code. --write puts the tables
into README.md instead of comparing them. Prints TAP.
"""
import pathlib
import re
import shlex
import subprocess
import sys

ROOT, BUILD = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
PAGES = ["README.md", "docs/operations.md"]
PROGRAMS = {
    "loa-scheduler": BUILD / "scheduler/loa-scheduler",
    "loa-player": BUILD / "player/loa-player",
    "loa-page": BUILD / "player/page/loa-page",
    "loa-gateway": BUILD / "gateway/loa-gateway",
    "loactl": BUILD / "scheduler/ctl/loactl",
}
EXAMPLES = [
    ("loa-scheduler", "scheduler.conf"),
    ("loa-player", "player.conf"),
    ("loa-gateway", "loa-gateway.conf"),
]
TABLE = re.compile(r"(<!-- describe ([a-z-]+) -->\n)(.*?)(<!-- /describe -->)", re.S)
FENCE = re.compile(r"^ *```\w*\n(.*?)^ *```$", re.S | re.M)
SPAN = re.compile(r"`([^`\n]+)`")


def output(program, *words):
    return subprocess.run([PROGRAMS[program], *words], capture_output=True, text=True, timeout=30,
                          check=True).stdout


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def describe(program):
    """A table a kind of group, each with a line between."""
    return "\n" + output(program, "describe").strip() + "\n\n"


def write_tables():
    path = ROOT / "README.md"
    path.write_text(TABLE.sub(lambda m: m[1] + describe(m[2]) + m[4], read("README.md")),
                    encoding="utf-8")


def check_tables():
    found = {m[2]: m[3] for m in TABLE.finditer(read("README.md"))}
    for program in ("loa-scheduler", "loa-player", "loa-gateway"):
        if program not in found:
            yield f"README.md: no table of {program}"
        elif found[program] != describe(program):
            yield (f"README.md: the keys of {program} are not those it prints; "
                   "tests/check-readme.py . build --write puts them right")


def commands_of(text):
    """Every command line in a fence or a code span, as words."""
    lines = []
    for fence in FENCE.findall(text):
        lines += fence.replace("\\\n", " ").splitlines()
    lines += SPAN.findall(FENCE.sub("", text))
    for line in lines:
        try:
            words = shlex.split(line, comments=True)
        except ValueError:
            continue
        for i, word in enumerate(words):
            if word in PROGRAMS and (i == 0 or words[i - 1] in ("sudo", "loa-scheduler",
                                                               "loa-player", "loa-page")):
                yield line.strip(), word, words[i + 1:]
                break


def loactl_commands():
    listed = re.findall(r"^  ([a-z-]+(?: [a-z-]+)*)  ", output("loactl", "help"), re.M)
    return {command: output("loactl", "help", *command.split()) for command in listed}


def check_loactl(page, line, words, commands):
    while words and words[0] in ("--json", "--csv", "--lang", "help"):
        words = words[2 if words[0] == "--lang" else 1:]
    if not words or words == ["completion"]:
        return
    name = next((" ".join(words[:n]) for n in (3, 2, 1) if " ".join(words[:n]) in commands), None)
    if name is None:
        yield f"{page}: `{line}`: loactl has no such command"
        return
    for word in words[len(name.split()):]:
        option = word.split("=")[0]
        if option.startswith("--") and not re.search(rf"^  {option} ", commands[name], re.M):
            yield f"{page}: `{line}`: {name} has no option {option}"


def check_daemon(page, line, program, words):
    texts = output(program, "--help")
    if program == "loa-player" and words[:1] == ["enrol"]:
        texts += output(program, "enrol", "--help")
    known = {"describe", "check", "run"} | set(re.findall(r"[a-z]+(?:-[a-z]+)*", texts))
    positions = [w for w in words if not w.startswith("-")]
    if positions and words[0] == positions[0] and positions[0] not in known:
        yield f"{page}: `{line}`: {program} has no command {positions[0]}"
    for word in words:
        if word.startswith("--") and word.split("=")[0] not in texts:
            yield f"{page}: `{line}`: {program} has no option {word}"


def check_page(page, text, commands):
    for line, program, words in commands_of(text):
        if program == "loactl":
            yield from check_loactl(page, line, words, commands)
        else:
            yield from check_daemon(page, line, program, words)


def check_commands():
    commands = loactl_commands()
    for page in PAGES:
        yield from check_page(page, read(page), commands)


def check_control():
    """What must be found: else the check above proves nothing."""
    wrong = ["loactl zone fly dak-doa", "loactl slot add NAME --colour red",
             "loa-gateway --loud probe", "sudo -u loa-player loa-player enlist CODE"]
    for line in wrong:
        if not list(check_page("control", f"```\n{line}\n```\n", loactl_commands())):
            yield f"'{line}' was taken for right"


def check_examples():
    for program, name in EXAMPLES:
        done = subprocess.run([PROGRAMS[program], "--config", ROOT / "docs/examples" / name,
                               "check"], capture_output=True, text=True, timeout=30, check=False)
        if done.returncode != 0:
            yield f"docs/examples/{name}: {done.stderr.strip()}"


def check_exit_codes():
    section = read("README.md").split("## Exit codes of loactl")[1].split("\n## ")[0]
    told = set(re.findall(r"^\| (\d+) \|", section, re.M)) - {"0"}
    source = read("scheduler/ctl/client.c").split("exit_codes[] = {")[1].split("};")[0]
    real = set(re.findall(r"CTL_CLIENT_ERROR_\w+, +(\d+)", source))
    for code in sorted(told ^ real):
        yield f"README.md: exit code {code} stands only {'here' if code in told else 'in the code'}"


def check_words(heading, path, name):
    """A table of docs/operations.md has exactly the words of a list in the code."""
    section = read("docs/operations.md").split(f"## {heading}\n")[1].split("\n## ")[0]
    told = set(re.findall(r"^\| `([a-z_]+)` \|", section, re.M))
    source = read(path).split(f"{name}[] = {{")[1].split("};")[0]
    real = set(re.findall(r'"([a-z_]+)"', source)) - {"none"}
    for word in sorted(told ^ real):
        where = "here" if word in told else "in the code"
        yield f"docs/operations.md: {heading}: {word} stands only {where}"


def check_reasons():
    yield from check_words("Reasons", "content/kinds.c", "content_reason_words")
    yield from check_words("Remarks", "scheduler/plan/finding.c", "sched_finding_words")


def check_events():
    row = re.compile(r'\{\s*"[0-9a-f]{32}",\s*"([^"]*)"')
    known = {name for folder in ("content", "gateway", "player", "scheduler")
             for path in (ROOT / folder).rglob("*.c")
             for name in row.findall(path.read_text(encoding="utf-8"))}
    for page in PAGES:
        for name in re.findall(r"LOA_EVENT=([a-z-]+)", read(page)):
            if name not in known:
                yield f"{page}: there is no event {name}"


def check_links():
    for page in PAGES:
        folder = (ROOT / page).parent
        for target in re.findall(r"\]\(([^)#:]+)\)", read(page)):
            if not (folder / target).exists():
                yield f"{page}: {target} does not exist"


CHECKS = [
    ("the tables of keys are what the programs print", check_tables),
    ("every command and option that is named exists", check_commands),
    ("a command or option that does not exist would be found", check_control),
    ("the example configurations are in order", check_examples),
    ("the exit codes are loactl's", check_exit_codes),
    ("the reasons and remarks are those of the code", check_reasons),
    ("the events exist", check_events),
    ("the links lead somewhere", check_links),
]


def main():
    if "--write" in sys.argv:
        write_tables()
        return
    print(f"1..{len(CHECKS)}")
    for n, (what, check) in enumerate(CHECKS, 1):
        complaints = list(check())
        for complaint in complaints:
            print(f"# {complaint}")
        print(f"{'not ok' if complaints else 'ok'} {n} - {what}", flush=True)


main()
