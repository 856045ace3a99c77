#!/usr/bin/python3
"""check-settings.py BUILD: a slip in a configuration or on a command line stops the program.

Each daemon is started, as systemd would, with a file that is in order but for one slip. It must
end by itself with EX_CONFIG and say file, group, key and what is expected there. Slips of every
key's kind and range are made from the program's own table (`describe`); the rest are rows here.
So are the slips of every program's arguments, which end with EX_USAGE. Prints TAP.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(sys.argv[1]).resolve()
ENDS_S = 30  # a program that took the slip would serve for ever
EX_USAGE, EX_CONFIG = 64, 78
PROGRAMS = {
    "loa-gateway": BUILD / "gateway/loa-gateway",
    "loa-player": BUILD / "player/loa-player",
    "loa-page": BUILD / "player/page/loa-page",
    "loa-scheduler": BUILD / "scheduler/loa-scheduler",
    "loactl": BUILD / "scheduler/ctl/loactl",
    "loa-ingest": BUILD / "content/ingest/loa-ingest",
}
GOOD = {
    "loa-gateway": "[gateway]\nplayer-users=root\n"
                   "[line l1]\nkind=tcp\naddress=127.0.0.1\nport=9\n"
                   "[board b1]\nline=l1\ninputs=1\n"
                   "[zone a]\nrelays=b1/1\n"
                   "[input door]\nboard=b1\nnumber=1\nwords=Door\n"
                   "[lamp door]\nrelay=b1/2\n",
    "loa-player": "[player]\nstate=/nonexistent\n[microphone]\n[page]\n[output main]\ndevice=null\n"
                  "[button hall]\ninput=alarm\nlamp=alarm\n"
                  "[line tuner]\ndevice=radio\n",
    "loa-scheduler": "[state]\nfolder=/nonexistent\n[people]\n[stations]\nhosts=127.0.0.1\n"
                     "[broker]\n[ingest]\n[mail]\n[text]\n",
}
ROW = re.compile(r"^\| `\[(\S+?)( NAME)?\]` \| `(\S+)` \| (.+?) \| (.*?) \| (.+?) \|", re.M)

# why, program, what stands in the good file, what stands there instead, what is said of it
SLIPS = [
    ("an unknown key", "loa-gateway", "kind=tcp", "kind=tcp\nspeed=9", ["[line l1] speed: unknown key", "baud"]),
    ("an unknown key", "loa-player", "device=null", "devcie=null", ["[output main] devcie: unknown key", "device"]),
    ("an unknown key", "loa-scheduler", "[people]", "[people]\nprot=1", ["[people] prot: unknown key", "port"]),
    ("an unknown group", "loa-gateway", "[zone a]", "[zones a]", ["[zones a]: unknown group", "[zone NAME]"]),
    ("an unknown group", "loa-player", "[player]", "[palyer]", ["[palyer]: unknown group", "[player]"]),
    ("an unknown group", "loa-scheduler", "[people]", "[poeple]", ["[poeple]: unknown group", "[people]"]),
    ("a key twice", "loa-gateway", "inputs=1", "inputs=1\ninputs=2", [":10: inputs stands there twice"]),
    ("a group twice", "loa-player", "[output main]", "[player]\n[output main]", ["[player] stands there twice"]),
    ("no file of this kind", "loa-scheduler", "[state]", "state:", [""]),
    ("a name that is none", "loa-player", "[output main]", "[output ../x]", ["[output ../x]"]),
    ("a button on another's contact", "loa-player", "[button hall]", "[button door]\ninput=alarm\n[button hall]", ["[button hall] input", "[button door]"]),
    ("a lamp of two buttons", "loa-player", "[button hall]", "[button door]\ninput=door\nlamp=alarm\n[button hall]", ["[button hall] lamp", "[button door]"]),
    ("a village that is none", "loa-player", "input=alarm", "input=alarm\nvillages=cho;../x", ["[button hall] villages", "'../x'"]),
    ("an input that is none", "loa-player", "input=alarm", "input=Nút", ["[button hall] input", "'Nút'"]),
    ("a button without an input", "loa-player", "input=alarm\n", "", ["[button hall] input"]),
    ("no output at all", "loa-player", "[output main]\ndevice=null\n", "", ["[output NAME]"]),
    ("a line-in's name that is none", "loa-player", "[line tuner]", "[line Đài]", ["[line Đài]"]),
    ("a line-in without a device", "loa-player", "device=radio\n", "", ["[line tuner] device"]),
    ("a certificate without its key", "loa-scheduler", "[people]", "[people]\ncertificate=/x.pem", ["[people] certificate and key"]),
    ("a proxy by its name", "loa-scheduler", "[people]", "[people]\nproxies=127.0.0.1;proxy", ["[people] proxies: 'proxy'", "IP address"]),
    ("a folder relative to nowhere", "loa-scheduler", "/nonexistent", "state", ["[state] folder: 'state'", "absolute"]),
    ("letters in the clear", "loa-scheduler", "[mail]", "[mail]\nhost=mail.example.vn\nfrom=loa@example.vn\nsecurity=none", ["[mail] security", "127.0.0.1"]),
    ("letters from nobody", "loa-scheduler", "[mail]", "[mail]\nhost=127.0.0.1", ["[mail] from"]),
    ("a name without a password", "loa-scheduler", "[mail]", "[mail]\nhost=127.0.0.1\nfrom=loa@example.vn\nuser=loa", ["[mail] user and password-file"]),
    ("a host that is a path", "loa-scheduler", "[mail]", "[mail]\nhost=a/b\nfrom=loa@example.vn", ["[mail] host"]),
    ("a microphone that opens once, and two outputs", "loa-player", "[microphone]", "[output yard]\n[microphone]\ndevice=hw:CARD=Mic", ["[microphone] device: 'hw:CARD=Mic'", "dsnoop:CARD=Mic"]),
    ("the same, converted", "loa-player", "[microphone]", "[output yard]\n[microphone]\ndevice=plughw:1,0", ["[microphone] device: 'plughw:1,0'", "plug:'dsnoop:1,0'"]),
    ("a page at a host's name", "loa-player", "[page]", "[page]\naddress=loa.local", ["[page] address: 'loa.local'", "IP address"]),
    ("a command by its name alone", "loa-scheduler", "[text]", "[text]\ncommand=send;{phone}", ["[text] command", "absolute"]),
    ("a command without a number", "loa-scheduler", "[text]", "[text]\ncommand=/bin/true;phone", ["[text] command", "{phone}"]),
    ("a host name for a board", "loa-gateway", "127.0.0.1", "board.example", ["[line l1]: address: 'board.example'", "IP address"]),
    ("a lamp that would switch a zone", "loa-gateway", "relay=b1/2", "relay=b1/1", ["lamp door", "zone a"]),
    ("a relay the board has not", "loa-gateway", "b1/1", "b1/9", ["relay 'b1/9'", "1 to 8"]),
]

# why, the words behind the program, what is said of them
ARGUMENTS = [
    ("an unknown option", ["loa-gateway", "--verbose"], "--verbose"),
    ("an unknown command", ["loa-gateway", "shut"], "'shut'"),
    ("a word too many", ["loa-gateway", "check", "loa.conf"], "'loa.conf'"),
    ("a test of nothing", ["loa-gateway", "test"], "ZONE"),
    ("two zones at once", ["loa-gateway", "test", "a", "b"], "'b'"),
    ("a test too long", ["loa-gateway", "test", "a", "--seconds", "11"], "--seconds"),
    ("a test of no time", ["loa-gateway", "test", "a", "--seconds", "nan"], "--seconds"),
    ("a time in words", ["loa-gateway", "test", "a", "--seconds", "soon"], "soon"),
    ("units that no line has", ["loa-gateway", "probe", "--line", "tcp:127.0.0.1:9", "--units", "248"], "--units"),
    ("an unknown option", ["loa-player", "--loud"], "--loud"),
    ("an unknown command", ["loa-player", "play"], "'play'"),
    ("a word too many", ["loa-player", "check", "player.conf"], "'player.conf'"),
    ("no code", ["loa-player", "enrol"], "code"),
    ("an unknown option of enrol", ["loa-player", "enrol", "--force"], "--force"),
    ("a code cut short", ["loa-player", "enrol", "--state", "/nonexistent", "AAAA"], "code"),
    ("an unknown option", ["loa-page", "--port"], "--port"),
    ("an unknown command", ["loa-page", "sound"], "'sound'"),
    ("a word too many", ["loa-page", "check", "player.conf"], "'player.conf'"),
    ("an unknown option", ["loa-scheduler", "--daemon"], "--daemon"),
    ("an unknown command", ["loa-scheduler", "start"], "'start'"),
    ("a word too many", ["loa-scheduler", "check", "scheduler.conf"], "'scheduler.conf'"),
    ("a name in a broken encoding", ["loa-scheduler", "init", "--name", b"\xff"], "UTF-8"),
    ("an unknown option", ["loa-ingest", "--fast"], "--fast"),
    ("no output", ["loa-ingest", "--input", "/dev/null"], "--output"),
    ("no input", ["loa-ingest", "--output", "/nonexistent/x"], "--input"),
    ("no length at all", ["loa-ingest", "-i", "a", "-o", "b", "--max-seconds", "0"], "--max-seconds"),
    ("a day of sound", ["loa-ingest", "-i", "a", "-o", "b", "--max-seconds", "86400"], "--max-seconds"),
    ("a length in words", ["loa-ingest", "-i", "a", "-o", "b", "--max-seconds", "ten"], "ten"),
    ("a word too many", ["loa-ingest", "-i", "a", "-o", "b", "c"], "'c'"),
    ("an unknown command", ["loactl", "fly"], "'fly'"),
    ("no command behind the format", ["loactl", "--json", "--csv", "--xml"], "'--xml'"),
    ("help on what is not there", ["loactl", "help", "fly"], "'fly'"),
    ("an unknown option", ["loactl", "area", "list", "--colour"], "--colour"),
    ("a word too many", ["loactl", "account", "list", "extra"], "'extra'"),
    ("a number in words", ["loactl", "audit", "list", "--limit", "all"], "'all'"),
    ("a number too long", ["loactl", "audit", "list", "--limit", "9" * 30], "64 bit"),
    ("words in a broken encoding", ["loactl", "area", "show", b"\xff"], "UTF-8"),
]


def run(words):
    return subprocess.run([PROGRAMS[words[0]], *words[1:]], stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=ENDS_S, check=False)


def complaint_of(program, text, expected, folder):
    """One start with @text as its file; yields what is not as it should be."""
    path = folder / "site.conf"
    path.write_text(text, encoding="utf-8")
    try:
        done = run([program, "--config", path])
    except subprocess.TimeoutExpired:
        yield f"serves as if nothing were wrong with:\n{text}"
        return
    said = done.stderr.decode()
    if done.returncode != EX_CONFIG:
        yield f"ends with {done.returncode} and says {said!r}"
    for words in [str(path), *expected]:
        if words not in said:
            yield f"does not say {words!r} but {said!r}"


def group_in(text, group, named):
    """The head of the group as it stands in the good file: [line] is there as [line l1]."""
    return re.search(rf"^\[{group}{' .*' if named else ''}\]$", text, re.M).group(0)


def with_key(text, head, key, value):
    """@text with @key of the group @head set to @value, or without it where that is None."""
    start = text.index(head) + len(head) + 1
    end = text.find("\n[", start)
    body, rest = (text[start:], "") if end < 0 else (text[start:end + 1], text[end + 1:])
    body = re.sub(rf"^{key}=.*\n", "", body, flags=re.M)
    return text[:start] + ("" if value is None else f"{key}={value}\n") + body + rest


def bad_values(kind, span):
    """Why and value, and what must be said of it; @span as `describe` prints it."""
    if kind == "whole number":
        low, high = span.split("…")
        says = f"whole number from {low} to {high}"
        return [("in words", "many", says), ("with a unit", f"{high}ms", says),
                ("too small", int(low) - 1, says), ("too large", int(high) + 1, says),
                ("beyond 64 bits", "9" * 30, says), ("empty", "", says)]
    if kind == "choice":
        return [("none of the choices", "other", span.replace(", ", "|"))]
    if kind == "true or false":
        says = "neither true nor false"
        return [("in other words", "yes", says), ("empty", "", says)]
    low, high = re.match(r"(\d+)…(\d+)", span).groups()
    says = f"{low} to {high}"
    if kind == "list":
        cases = [("too many", ";".join(f"a{n}" for n in range(int(high) + 1)), says)]
    else:
        cases = [("too long", "x" * (int(high) + 1), says)]
    return cases + ([("empty", "", says)] if low != "0" else [])


def key_slips(program):
    """Slips of every key of the program: yields why, the file, what must be said."""
    table = subprocess.run([PROGRAMS[program], "describe"], capture_output=True, text=True,
                           timeout=ENDS_S, check=True).stdout
    for group, named, key, kind, span, default in ROW.findall(table):
        head = group_in(GOOD[program], group, named)
        for why, value, says in bad_values(kind, span):
            yield (f"{head} {key} {why}", with_key(GOOD[program], head, key, value),
                   [f"{head} {key}: ", says])
        if default == "required":
            yield (f"{head} {key} missing", with_key(GOOD[program], head, key, None),
                   [f"{head} {key}: is required", kind])


def check_keys(program):
    def check(folder):
        n = 0
        for why, text, expected in key_slips(program):
            n += 1
            yield from (f"{why}: {c}" for c in complaint_of(program, text, expected, folder))
        if n < 5:
            yield f"{program} describes so few keys that only {n} slips could be made"
    return check


def check_rows(program):
    def check(folder):
        for why, of, stands, instead, expected in SLIPS:
            if of != program:
                continue
            assert GOOD[program].count(stands) >= 1, (why, stands)
            text = GOOD[program].replace(stands, instead, 1)
            yield from (f"{why}: {c}" for c in complaint_of(program, text, expected, folder))
    return check


def check_arguments(program):
    def check(_folder):
        for why, words, expected in ARGUMENTS:
            if words[0] != program:
                continue
            try:
                done = run(words)
            except subprocess.TimeoutExpired:
                yield f"{why}: {words} is taken"
                continue
            said = done.stderr.decode(errors="replace")
            if done.returncode != EX_USAGE or expected not in said:
                yield f"{why}: {words} ends with {done.returncode}: {said!r}"
    return check


def main():
    checks = [(f"{p}: a slip in any key", check_keys(p)) for p in GOOD] \
        + [(f"{p}: a slip in the file", check_rows(p)) for p in GOOD] \
        + [(f"{p}: a slip in the arguments", check_arguments(p)) for p in PROGRAMS]
    print(f"1..{len(checks)}")
    for n, (name, check) in enumerate(checks, 1):
        with tempfile.TemporaryDirectory(prefix="loa-settings-") as folder:
            bad = list(check(pathlib.Path(folder)))
        for line in "\n".join(bad).splitlines():
            print(f"# {line}")
        print(f"{'not ok' if bad else 'ok'} {n} - {name}", flush=True)


main()
