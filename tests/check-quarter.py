#!/usr/bin/python3
"""check-quarter.py ROOT BUILD [UNIT-WALLS]: the first quarter of an hour of the README, typed in by a program.

Every command between `<!-- walk -->` and `<!-- /walk -->` is run in order against a scheduler that
the walk itself starts, in a folder of its own and on free ports. What a person would do by hand is
done here too: passwords that were printed are typed in, ids that were printed stand for $NAME.
The scheduler, its broker and the reader of recordings run behind the system-call filter of
loa-scheduler.service if UNIT-WALLS is given. Prints TAP, one test a step.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT, BUILD = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
WALLS = pathlib.Path(sys.argv[3]).resolve() if len(sys.argv) > 3 else None
sys.path.insert(0, str(ROOT / "tests/demo"))
sys.path.insert(0, str(ROOT / "tests/systemd"))
import walls  # noqa: E402
from district import Phone  # noqa: E402
from processes import Daemon, Users, free_port  # noqa: E402

WALK = re.compile(r"<!-- walk -->\n(.*?)<!-- /walk -->", re.S)
STEP = re.compile(r"^### (.*?)\n(.*?)(?=^### |\Z)", re.S | re.M)
FENCE = re.compile(r"^```sh\n(.*?)^```$", re.S | re.M)
#  after this command: which answer holds the ids that stand behind $NAME
IDS = [
    ("loactl announcement add", "loactl --json announcement list",
     lambda got: {"ANNOUNCEMENT": got["announcements"][0]["id"]}),
    ("loactl announcement show", "loactl --json announcement show $ANNOUNCEMENT",
     lambda got: {v["language"].upper(): v["id"] for v in got["versions"]}),
    ("loactl playlist add", "loactl --json playlist list",
     lambda got: {"PLAYLIST": got["playlists"][0]["id"]}),
    ("loactl slot add", "loactl --json slot list", lambda got: {"SLOT": got["slots"][0]["id"]}),
]
#  what must be in the answers of some commands
EXPECTED = [
    ("loactl whoami", ["quản trị"]),
    ("loactl version approve $VI --no-state-secret", ["đã duyệt"]),
    ("loactl preview", ["05:30:00", "bdq", "vi", "làng nghe tiếng khác"]),
    ("loactl status", ["dak-doa"]),
    ("loactl delivery --date", ["đang chờ"]),
    ("loactl audit verify", ["nguyên vẹn:", "có"]),
    ("loactl station enrol", ["dùng được đến"]),
]


class Failed(Exception):
    """A command did not do what the README says; the message is for the person who reads it."""


class Walker:
    """The person at the terminal."""

    def __init__(self, home):
        self.home = home
        self.cwd = home
        self.passwords = {}
        self.login, self.recovery = None, {}
        self.ports = {port: str(free_port()) for port in ("8443", "8444", "8883")}
        self.env = {"PATH": f"{BUILD}/scheduler:{BUILD}/scheduler/ctl:/usr/bin:/bin",
                    "INGEST": str(BUILD / "content/ingest/loa-ingest"), "HOME": str(home),
                    "LC_ALL": "C.UTF-8", "TZ": "Asia/Ho_Chi_Minh",
                    **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}}
        self.scheduler = None

    def shell(self, line):
        done = subprocess.run(["bash", "-euc", line], cwd=self.cwd, env=self.env, text=True,
                              capture_output=True, timeout=60, check=False)
        if done.returncode != 0:
            raise Failed(f"{line}\nended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def type(self, line):
        """One command of the README; returns what it printed."""
        if line.startswith(("./dev ", "export ", "eval ")):
            return ""  # done already, or the shell's own affair
        if line.startswith("mkdir -p ~/loa-try"):
            self.shell(line)
            self.cwd = self.home / "loa-try"
            return ""
        if line.startswith("cat > scheduler.conf"):
            return self.shell(self.with_ports(line))
        if line.startswith("loa-scheduler run"):
            return self.start(line)
        if line.startswith("loactl sign-in"):
            return self.sign_in(line)
        if line.startswith("loactl factor"):
            return self.factor(line)
        words = self.shell(line)
        self.remember(line, words)
        return words

    def with_ports(self, line):
        for group, port in (("people", "8443"), ("stations", "8444"), ("broker", "8883")):
            line = line.replace(f"[{group}]\n", f"[{group}]\nport={self.ports[port]}\n")
        return line

    def start(self, line):
        self.scheduler = Daemon("scheduler", ["bash", "-euc",
                                              f"cd {self.cwd}; exec {self.walls()} {line}"],
                                NobodyElse(), self.home, self.env)
        self.scheduler.wait_for("connected to the broker")
        return ""

    def walls(self):
        """What stands before the scheduler's command; its path, since no shell looks for it."""
        if WALLS is None:
            return f"env PATH={self.env['PATH']}"
        names = self.home / "allowed"
        names.write_text("\n".join(sorted(walls.allowed(
            ROOT / "systemd/loa-scheduler.service"))) + "\n")
        return f"{WALLS} {names} /usr/bin/env"

    def sign_in(self, line):
        self.login = line.split()[2]
        codes = self.recovery.get(self.login)
        return self.shell(line.replace("8443", self.ports["8443"]) + self.typed() +
                          (f" --code {codes.pop()}" if codes else ""))

    def typed(self):
        """The password of who is signed in, where a person types it."""
        secret = self.home / "typed"
        secret.write_text(self.passwords[self.login] + "\n")
        return f" --password-file {secret}"

    def factor(self, line):
        """What is scanned with the phone, and typed from it."""
        if line == "loactl factor begin":
            words = self.shell(line + self.typed())
            phone = Phone({"secret": re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", words)[0], "uri": ""})
            self.env["CODE"] = phone.code(time.time())
            return words
        words = self.shell(line)
        self.recovery[self.login] = re.findall(r"(?:[a-z2-9]{4}-){3}[a-z2-9]{4}", words)
        return words

    def remember(self, line, words):
        made = re.search(r"^ *(?:its password, shown once|mật khẩu): *(\S+)$", words, re.M)
        if made:
            login = re.search(r"--login (\S+)|account add (\S+)", line)
            self.passwords[login[1] or login[2]] = made[1]
        for begin, question, names in IDS:
            if line.startswith(begin):
                self.env.update(names(json.loads(self.shell(question))))

    def stop(self):
        if self.scheduler is not None:
            self.scheduler.stop()


class NobodyElse(Users):
    """The walk is one person's, so everything runs under that person's account."""

    def __init__(self):
        super().__init__()
        self.prefix = None


def commands(block):
    """Lines; a here-document is one command."""
    lines = iter(block.splitlines())
    for line in lines:
        if "<<END" in line:
            for more in lines:
                line += "\n" + more
                if more == "END":
                    break
        yield line


def walk(walker, text):
    for line in (c for block in FENCE.findall(text) for c in commands(block)):
        words = walker.type(line)
        for begin, expected in EXPECTED:
            for word in expected if line.startswith(begin) else []:
                if word not in words:
                    raise Failed(f"{line}\nsays nothing of '{word}':\n{words}")


def main():
    steps = STEP.findall(WALK.search((ROOT / "README.md").read_text(encoding="utf-8"))[1])
    print(f"1..{len(steps)}")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="loa-walk-") as folder:
        walker = Walker(pathlib.Path(folder))
        try:
            for n, (title, text) in enumerate(steps, 1):
                walk(walker, text)
                print(f"ok {n} - {title}", flush=True)
        except Failed as failure:
            print("".join(f"# {line}\n" for line in str(failure).splitlines()), end="")
            print(f"not ok {n} - {title}")
        finally:
            walker.stop()
    print(f"# {time.monotonic() - began:.1f} s")


main()
