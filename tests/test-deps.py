#!/usr/bin/python3
"""test-deps.py ROOT: ./dev deps on a machine that is made of tests/support/debian.py.

Installs what is missing and nothing else, as root or with sudo; leaves a Node.js alone; no
service starts; whatever goes wrong, what keeps services from starting is gone again. Prints TAP.
"""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(sys.argv[1]).resolve()
DEBIAN = ROOT / "tests/support/debian.py"
#  what ./dev needs of the machine beside its package tools
REAL = ("awk", "bash", "chmod", "comm", "dirname", "env", "grep", "python3", "readlink", "rm",
        "sort", "tee", "wc")
NODE = {"nodejs", "npm"}
ALL = {line for line in (ROOT / "docs/packages.txt").read_text().split("\n")
       if line and not line.startswith("#")}
PATIENCE_S = 60


def hear_signals():
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


class Machine:
    """A Debian with some of the packages; its tools are the whole PATH."""

    def __init__(self, folder, user="root", missing=(), without=("node", "npm"), fails=None):
        self.folder, self.bin = folder / "machine", folder / "bin"
        (self.folder / "usr/sbin").mkdir(parents=True)
        self.bin.mkdir()
        self.policy = self.folder / "usr/sbin/policy-rc.d"
        states = {name: "ii" for name in ALL - set(missing)}
        self.write("packages", "".join(f"{state} {name}\n" for name, state in states.items()))
        self.write("user", user)
        self.write("log", "")
        if fails:
            self.write("fails", fails)
        for tool in REAL:
            (self.bin / tool).symlink_to(shutil.which(tool))
        for tool in ("apt-get", "dpkg-query", "sudo", "id", "node", "npm"):
            if tool not in without:
                (self.bin / tool).symlink_to(DEBIAN)

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def start(self):
        """With the signals of a terminal, also where these tests run in the background."""
        return subprocess.Popen(
            [ROOT / "dev", "deps"], cwd="/", stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL, text=True, start_new_session=True,
            preexec_fn=hear_signals,  # pylint: disable=subprocess-popen-preexec-fn
            env={"PATH": str(self.bin), "LOA_SYSTEM": str(self.folder), "LC_ALL": "C.UTF-8"})

    def deps(self):
        """exit, what was said, complaints"""
        process = self.start()
        out, err = process.communicate(timeout=PATIENCE_S)
        return process.returncode, out, err

    def log(self):
        return (self.folder / "log").read_text().splitlines()

    def installed(self):
        """What apt-get was asked for; the log has nothing else of it but one update before."""
        acts = [line.split() for line in self.log() if line.split()[0] in ("update", "install")]
        assert [act[0] for act in acts] == ["update", "install"], acts
        return set(acts[1][1:])

    def said_to_start(self):
        return [line for line in self.log() if line.startswith("started")]


def equal(got, wanted):
    assert got == wanted, f"got {got}, wanted {wanted}"


def nothing_missing(folder):
    machine = Machine(folder, user="somebody")
    status, out, _ = machine.deps()
    equal(status, 0)
    assert f"all {len(ALL)} packages are there" in out, out
    equal(machine.log(), [])


def only_what_is_missing(folder, user, without, prefix):
    missing = {"mosquitto", "ninja-build", "libical-dev"}
    machine = Machine(folder, user, missing, without)
    # Taken away but for its settings: dpkg still names it.
    with open(machine.folder / "packages", "a", encoding="utf-8") as packages:
        packages.write("rc libical-dev\n")
    status, out, err = machine.deps()
    equal((status, err), (0, ""))
    equal(machine.installed(), missing)
    assert "installing 3 packages: libical-dev mosquitto ninja-build" in out, out
    equal([line for line in machine.log() if line.startswith("sudo")], prefix)
    equal(machine.said_to_start(), [])
    assert not machine.policy.exists(), "policy-rc.d was left behind"
    equal(machine.deps()[0], 0)
    equal(len(machine.log()), len(prefix) + 2)


def as_root(folder):
    only_what_is_missing(folder, "root", ("sudo", "node", "npm"), [])


def with_sudo(folder):
    only_what_is_missing(folder, "somebody", ("node", "npm"),
                         [f"sudo {tool}" for tool in ("apt-get", "tee", "chmod", "env", "rm")])


def neither(folder):
    machine = Machine(folder, "somebody", {"mbpoll"}, ("sudo", "node", "npm"))
    status, _, err = machine.deps()
    equal(status, 1)
    assert "needs root" in err and "sudo" in err, err
    equal(machine.log(), [])


def empty_machine(folder):
    """Nothing there: everything at once, and still no service starts."""
    machine = Machine(folder, missing=ALL)
    equal(machine.deps()[0], 0)
    equal(machine.installed(), ALL)
    equal(machine.said_to_start(), [])


def foreign_node(folder):
    """From elsewhere, so that dpkg knows nothing of it: Debian's would fight with it."""
    machine = Machine(folder, missing=NODE | {"mbpoll"}, without=())
    equal(machine.deps()[0], 0)
    equal(machine.installed(), {"mbpoll"})


def only_foreign_node_missing(folder):
    machine = Machine(folder, missing=NODE, without=())
    status, out, _ = machine.deps()
    equal(status, 0)
    assert f"all {len(ALL - NODE)} packages are there" in out, out
    equal(machine.log(), [])


def no_node(folder):
    machine = Machine(folder, missing=NODE)
    equal(machine.deps()[0], 0)
    equal(machine.installed(), NODE)


def own_policy(folder):
    """Somebody's own rule about services is neither changed nor taken away."""
    rule = "#!/bin/sh\n# ours\nexit 101\n"
    machine = Machine(folder, missing={"mosquitto"})
    machine.policy.write_text(rule)
    machine.policy.chmod(0o755)
    equal(machine.deps()[0], 0)
    equal(machine.said_to_start(), [])
    equal(machine.policy.read_text(), rule)


def update_fails(folder):
    machine = Machine(folder, missing={"mosquitto"}, fails="update 7")
    equal(machine.deps()[0], 7)
    equal(machine.log(), ["update"])
    assert not machine.policy.exists()


def install_fails(folder):
    for user in ("root", "somebody"):
        machine = Machine(folder / user, user, {"mosquitto"}, fails="install 100")
        equal(machine.deps()[0], 100)
        assert not machine.policy.exists(), "policy-rc.d was left behind"


def broken_off(folder):
    """Ctrl-C, a closed terminal, a kill: while apt-get waits for a dead line."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        machine = Machine(folder / number.name, missing={"mosquitto"}, fails="install hang")
        process = machine.start()
        deadline = time.monotonic() + PATIENCE_S
        while "install mosquitto" not in machine.log():
            assert time.monotonic() < deadline and process.poll() is None, machine.log()
            time.sleep(0.05)
        assert machine.policy.exists(), "nothing keeps services from starting"
        os.killpg(process.pid, number)
        process.communicate(timeout=PATIENCE_S)
        assert process.returncode != 0, process.returncode
        assert not machine.policy.exists(), f"{number.name}: policy-rc.d was left behind"


def no_debian(folder):
    machine = Machine(folder, without=("dpkg-query", "node", "npm"))
    status, _, err = machine.deps()
    equal(status, 1)
    assert "Debian 12" in err, err


CASES = (nothing_missing, as_root, with_sudo, neither, empty_machine, foreign_node,
         only_foreign_node_missing, no_node, own_policy, update_fails, install_fails, broken_off,
         no_debian)


def main():
    failed = 0
    print(f"1..{len(CASES)}")
    for number, case in enumerate(CASES, 1):
        with tempfile.TemporaryDirectory(prefix="loa-deps-") as folder:
            try:
                case(pathlib.Path(folder))
                print(f"ok {number} - {case.__name__}")
            except (AssertionError, OSError, subprocess.TimeoutExpired) as error:
                failed += 1
                print(f"not ok {number} - {case.__name__}")
                for line in str(error).splitlines():
                    print(f"# {line}")
    return 1 if failed else 0


sys.exit(main())
