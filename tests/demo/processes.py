"""processes.py - daemons of the demo: each under a user of its own, none as root, all ended by id.

Started as root the demo gives every daemon a numeric user id that no account has, so that files
of one are closed to the others without changing the machine's accounts. Started as somebody
else it uses sudo for that if sudo asks no password, and says so if it cannot.
"""
import contextlib
import grp
import os
import pathlib
import pwd
import random
import shutil
import signal
import socket
import subprocess
import time

FIRST_UID = 61100
# Nothing is given up sooner: what a busy machine holds up still comes. What has to be quick is
# measured where it is tested, and does not come in so long either.
PATIENCE_S = 60
OURS = ("loa-scheduler", "loa-gateway", "loa-player")


class Failed(Exception):
    """Something the demo needs did not happen; the message is for the person at the terminal."""


class Users:
    """Hands out a user id for each daemon's name."""

    def __init__(self):
        self.names = {}
        self.groups = {}  # of those who have any but their own: what setpriv is told
        if os.geteuid() == 0:
            self.prefix = []
        elif shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], check=False,
                                                     capture_output=True).returncode == 0:
            self.prefix = ["sudo", "-n"]
        else:
            self.prefix = None

    @property
    def can_separate(self):
        return self.prefix is not None

    def uid(self, name):
        """The user id of a daemon; ours where they cannot be separated."""
        if not self.can_separate:
            return os.geteuid()
        return self.names.setdefault(name, FIRST_UID + len(self.names))

    def let_sound(self, name):
        """The daemon is to reach this machine's sound: as the person at the terminal, whose
        session has it, or, where that is root, as a member of the group of sound cards."""
        person = int(os.environ.get("SUDO_UID", 0)) if os.geteuid() == 0 else os.geteuid()
        if person != 0:
            self.names[name] = person
            self.groups[name] = [f"--regid={pwd.getpwuid(person).pw_gid}", "--init-groups"]
        else:
            uid = self.uid(name)
            self.groups[name] = [f"--regid={uid}", f"--groups={grp.getgrnam('audio').gr_gid}"]

    def command(self, name, argv):
        if not self.can_separate:
            return ["setpriv", "--pdeathsig=TERM", *argv]
        uid = str(self.uid(name))
        groups = self.groups.get(name, [f"--regid={uid}", "--clear-groups"])
        return [*self.prefix, "setpriv", f"--reuid={uid}", *groups,
                "--no-new-privs", "--inh-caps=-all", "--pdeathsig=TERM", *argv]

    def signal(self, pid, number):
        """Sends a signal to a process that may belong to another user."""
        if self.prefix:
            subprocess.run([*self.prefix, "kill", f"-{int(number)}", str(pid)], check=True)
        else:
            os.kill(pid, number)

    def remove(self, path):
        """@path and all below it, whoever of ours owns it."""
        if self.prefix:
            subprocess.run([*self.prefix, "rm", "-rf", "--", str(path)], check=False)
        shutil.rmtree(path, ignore_errors=True)

    def give(self, path, name, mode=0o700):
        """Makes @path if need be and hands it over."""
        path = pathlib.Path(path)
        path.mkdir(parents=True, exist_ok=True)
        os.chmod(path, mode)
        if self.can_separate:
            uid = str(self.uid(name))
            subprocess.run([*self.prefix, "chown", "-R", f"{uid}:{uid}", str(path)], check=True)
        return path


class Daemon:
    """One running process and its log."""

    def __init__(self, name, argv, users, folder, env=None, user=None):
        self.name, self.users, self.was_killed = name, users, False
        self.is_ours = pathlib.Path(argv[0]).name in OURS
        self.log = pathlib.Path(folder) / f"{name}.log"
        # A daemon started again writes on where the one before ended.
        self.begin = self.log.stat().st_size if self.log.exists() else 0
        full_env = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8",
                    "TZ": "Asia/Ho_Chi_Minh", **(env or {})}
        command = users.command(user or name, ["env", "-i", *[f"{k}={v}" for k, v in
                                                             full_env.items()], *map(str, argv)])
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, start_new_session=True)

    def is_running(self):
        return self.process.poll() is None

    def text(self):
        """All that daemons of this name ever said."""
        return self.log.read_text(errors="replace")

    def said(self):
        """What this one said since it was started."""
        return self.log.read_bytes()[self.begin:].decode(errors="replace")

    @property
    def pid(self):
        """The daemon itself: below sudo, where that stands before it."""
        pid = self.process.pid
        while comm_of(pid) == "sudo":
            below = children_of(pid)
            if not below:
                raise Failed(f"{self.name} did not start")
            pid = below[0]
        return pid

    def kill(self):
        """SIGKILL, as a power cut or the kernel's own killer would end it."""
        self.was_killed = True
        self.users.signal(self.pid, signal.SIGKILL)
        self.process.wait(PATIENCE_S)

    @property
    def ended_well(self):
        """Whether it ran until it was stopped, and then ended in order."""
        return self.was_killed or self.process.returncode == 0

    def wait_for(self, words, seconds=20):
        """Until the log says @words."""
        def said():
            if words in self.said():
                return True
            if not self.is_running():
                raise Failed(f"{self.name} ended with status {self.process.returncode}:\n"
                             f"{tail(self.text())}")
            return False
        wait_until(said, seconds, f"{self.name} to say '{words}'\n{tail(self.text())}")

    def stop(self, seconds=PATIENCE_S):
        """SIGTERM to the process we started, SIGKILL if it does not listen."""
        if not self.is_running():
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.users.signal(self.pid, signal.SIGKILL)
            self.process.wait()


def comm_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def children_of(pid, name=None):
    """Processes that any thread of @pid started and that still run."""
    found = []
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, task.read_text().split())
        except OSError:
            continue
    return [child for child in found if name in (None, comm_of(child))]


def tail(text, lines=15):
    return "\n".join("    " + line for line in text.splitlines()[-lines:])


def wait_until(is_done, seconds, what, least_s=PATIENCE_S):
    """Looks again and again; what we wait for lives in other processes and offers no event.

    @seconds: how long it may take, @least_s at least.

    A look that starts a program takes the machine from what it waits for, so the dearer it is
    the longer it rests: every 50 ms, or a quarter of the time for what takes longer.
    """
    seconds = max(seconds, least_s)
    deadline = time.monotonic() + seconds
    while True:
        begun = time.monotonic()
        if is_done():
            return
        now = time.monotonic()
        if now > deadline:
            raise Failed(f"waited {seconds} s for {what}")
        time.sleep(min(0.4, max(0.05, 3 * (now - begun))))


def free_port(address="127.0.0.1"):
    """A port that was free a moment ago, below those from which the kernel takes the near end of
    connections: nothing that merely connects can have it before the program does, or while the
    program is being restarted."""
    while True:
        port = random.randrange(10000, 32768)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((address, port))
            return port
