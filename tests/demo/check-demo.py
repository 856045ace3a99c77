#!/usr/bin/python3
"""check-demo.py BUILD: the demo ends as people end it, and leaves nothing behind.

Ctrl-C in the middle of the start, a closed terminal and a kill while it stands; two at once, the
second beside the first; who is heard with --audio; what it says without a program that it needs;
and one whole broadcast, delivered. Prints TAP.
"""
import grp
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from processes import Users

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(sys.argv[1]).resolve()
PATIENCE_S = 120


class Demo:
    """One running demo; its folder is the only thing in a folder of ours."""

    def __init__(self, folder, build=BUILD, more=()):
        self.folder = pathlib.Path(folder)
        self.out = self.folder.parent / f"{self.folder.name}.out"
        self.folder.mkdir(mode=0o711)
        with open(self.out, "wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, HERE / "demo.py", "--build", str(build), *more], stdout=out,
                stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True,
                env={**os.environ, "TMPDIR": str(self.folder), "HOME": "/invalid"})

    def said(self):
        return self.out.read_text(errors="replace")

    def wait_for(self, words):
        deadline = time.monotonic() + PATIENCE_S
        while words not in self.said():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"'{words}' was never said:\n{self.said()}")
            time.sleep(0.05)

    def end(self, number):
        """As the terminal does it: Ctrl-C goes to the whole foreground group."""
        if number == signal.SIGINT:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)

    def left(self):
        """Processes that still name its folder, and what is in it."""
        found = []
        for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            try:
                if str(self.folder) in path.read_bytes().decode(errors="replace"):
                    found.append(path.parent.name)
            except OSError:
                continue
        return found + [str(path) for path in self.folder.iterdir()]


def ended_at(root, words, number, status):
    demo = Demo(root / f"{signal.Signals(number).name}-{words.split()[0]}")
    demo.wait_for(words)
    got = demo.end(number)
    assert got == status, f"ended with {got}:\n{demo.said()}"
    assert not demo.left(), f"left behind: {demo.left()}"
    assert "Traceback" not in demo.said(), demo.said()


def test_ctrl_c_while_starting(root):
    ended_at(root, "each daemon runs" if os.geteuid() == 0 else "daemon", signal.SIGINT, 0)


def test_ctrl_c_among_communes(root):
    ended_at(root, "communes:", signal.SIGINT, 0)


def test_terminal_closed(root):
    ended_at(root, "district up", signal.SIGHUP, 128 + signal.SIGHUP)


def test_two_at_once(root):
    first, second = Demo(root / "first"), Demo(root / "second")
    for demo in (first, second):
        demo.wait_for("district up at https://")
    ports = [demo.said().split("district up at ")[1].split()[0] for demo in (first, second)]
    assert ports[0] != ports[1], ports
    for demo in (first, second):
        assert demo.end(signal.SIGTERM) == 128 + signal.SIGTERM, demo.said()
        assert not demo.left(), demo.left()


def test_closed_home(root):
    """A clone in a home that no other user may look into, as root's is."""
    home = root / "home"
    for part in ("scheduler", "scheduler/ctl", "player", "gateway", "content/ingest",
                 "tests/support"):
        (home / part).mkdir(parents=True, exist_ok=True)
        for path in (BUILD / part).iterdir():
            if path.is_file() and (path.name.startswith("loa") or path.suffix == ".so"):
                shutil.copy(path, home / part)
    os.chmod(home, 0o700)
    demo = Demo(root / "closed", home)
    demo.wait_for("enrolled and playing")
    assert demo.end(signal.SIGINT) == 0 and not demo.left(), demo.left()


def ids(users, *words):
    return {int(word) for word in subprocess.run(
        users.command("a-player", ["id", *words]), capture_output=True, text=True, check=True,
        timeout=60).stdout.split()}


def test_sound(root):
    """Who is to be heard may reach the sound: a card's group, or the session of whoever asked."""
    if os.geteuid() != 0:
        return  # then it runs as the person who started it
    users = Users()
    assert grp.getgrnam("audio").gr_gid not in ids(users, "-G")
    os.environ.pop("SUDO_UID", None)
    users.let_sound("a-player")
    assert grp.getgrnam("audio").gr_gid in ids(users, "-G")
    assert 0 not in ids(users, "-u") | ids(users, "-G")
    os.environ["SUDO_UID"] = str(pwd.getpwnam("nobody").pw_uid)
    users.let_sound("a-player")
    del os.environ["SUDO_UID"]
    assert ids(users, "-u") == {pwd.getpwnam("nobody").pw_uid}
    demo = Demo(root / "sound", more=("--audio", "null"))
    demo.wait_for("enrolled and playing")
    asked = pathlib.Path(next(demo.folder.iterdir())) / "kong-chro/player.conf"
    assert "device=null" in asked.read_text()
    assert demo.end(signal.SIGINT) == 0 and not demo.left(), demo.left()


def test_program_missing(root):
    build = root / "empty"
    build.mkdir()
    demo = Demo(root / "missing", build)
    assert demo.process.wait(PATIENCE_S) == 1
    assert "failed: " in demo.said() and "loa-scheduler" in demo.said(), demo.said()
    assert "Traceback" not in demo.said(), demo.said()


def test_once(root):
    """Four items of sound for two or three villages each, and the verdict of each with evidence."""
    demo = Demo(root / "once", more=("--once",))
    status = demo.process.wait(4 * PATIENCE_S)
    rows = [line for line in demo.said().splitlines() if "Dự báo mưa lớn" in line and " dB " in line]
    assert status == 0, f"ended with {status}:\n{demo.said()}"
    assert len(rows) == 12, demo.said()
    assert not [row for row in rows if row.split()[-1] != "delivered"], demo.said()
    assert not demo.left(), demo.left()


TESTS = (test_ctrl_c_while_starting, test_ctrl_c_among_communes, test_terminal_closed,
         test_two_at_once, test_closed_home, test_sound, test_program_missing,
         test_once)


def main():
    print(f"1..{len(TESTS)}")
    with tempfile.TemporaryDirectory(prefix="loa-check-demo-") as name:
        os.chmod(name, 0o711)
        for number, test in enumerate(TESTS, 1):
            try:
                test(pathlib.Path(name))
                print(f"ok {number} - {test.__name__}", flush=True)
            except (AssertionError, subprocess.TimeoutExpired) as failure:
                for line in str(failure).splitlines()[-30:]:
                    print(f"# {line}")
                print(f"not ok {number} - {test.__name__}", flush=True)


main()
