"""netns.py - two network namespaces with a bad line between them, made and removed by name.

    with netns.Line(build) as line:
        line.say("delay=300 rate=64 each=1")
        line.popen("near", ["loa-scheduler", …])
        line.popen("far", ["loa-sim-players", …])

The district is at NEAR_ADDRESS. At the far end every address of FAR_NETWORK is there, so that a
thousand stations can each have one of their own. Needs root; why_not() says what is missing.
"""
import contextlib
import ctypes
import os
import pathlib
import re
import subprocess

NEAR_ADDRESS = "10.77.0.1"
FAR_NETWORK = "10.78.0.0/16"
FAR_FIRST = "10.78.0.1"
#  where FAR_FIRST is somebody else's
FAR_STATIONS = "10.78.1.1"
FOLDER = pathlib.Path("/run/netns")
CLONE_NEWNET = 0x40000000
NAME = re.compile(r"loa-(?:near|far)-(\d+)")


def why_not():
    """What this machine lacks for a line, in words; "" if nothing."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if not os.path.exists("/dev/net/tun"):
        return "there is no /dev/net/tun"
    try:
        subprocess.run(["ip", "netns", "list"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        return f"ip netns: {error}"
    return ""


def ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


def remove_orphans():
    """Namespaces of runs that were killed before they could remove theirs."""
    for path in FOLDER.glob("loa-*"):
        match = NAME.fullmatch(path.name)
        if match and not os.path.exists(f"/proc/{match.group(1)}"):
            with contextlib.suppress(subprocess.CalledProcessError):
                ip("netns", "del", path.name)


class Line:
    """The two namespaces and the running loa-net-line between them."""

    def __init__(self, build):
        self.program = str(pathlib.Path(build) / "tests/support/loa-net-line")
        self.names = {end: f"loa-{end}-{os.getpid()}" for end in ("near", "far")}
        self.process = None
        self.started = []

    def __enter__(self):
        remove_orphans()
        try:
            self._make()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _make(self):
        for name in self.names.values():
            ip("netns", "add", name)
            ip("-n", name, "link", "set", "lo", "up")
        self.process = subprocess.Popen([self.program, *self.names.values()], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self.process.stdout.readline() != "ready\n":
            raise RuntimeError("loa-net-line did not start")
        near, far = self.names["near"], self.names["far"]
        ip("-n", near, "addr", "add", f"{NEAR_ADDRESS}/32", "dev", "line")
        ip("-n", far, "addr", "add", f"{FAR_FIRST}/32", "dev", "line")
        for name in (near, far):
            ip("-n", name, "link", "set", "line", "mtu", "1400", "up")
        ip("-n", near, "route", "add", FAR_NETWORK, "dev", "line")
        ip("-n", far, "route", "add", f"{NEAR_ADDRESS}/32", "dev", "line")
        ip("-n", far, "route", "add", "local", FAR_NETWORK, "dev", "lo")

    def say(self, command):
        """Changes the line; returns what it has counted so far."""
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        if not answer or answer[0] != "ok":
            raise RuntimeError(f"loa-net-line: {command}: {' '.join(answer)}")
        return {key: int(value) for key, value in (w.split("=") for w in answer[1:])}

    def popen(self, end, arguments, **options):
        """Starts a program at one end; it is ended with the line."""
        process = subprocess.Popen(["ip", "netns", "exec", self.names[end], *arguments], **options)
        self.started.append(process)
        return process

    def __exit__(self, *_):
        for process in self.started + [self.process]:
            if process is not None and process.poll() is None:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        for name in self.names.values():
            if (FOLDER / name).exists():
                ip("netns", "del", name)


@contextlib.contextmanager
def inside(name):
    """This thread sees the network of a namespace until the end of the block."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/thread-self/ns/net", "rb") as here, open(FOLDER / name, "rb") as there:
        if libc.setns(there.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"entering {name}")
        try:
            yield
        finally:
            libc.setns(here.fileno(), CLONE_NEWNET)
