"""walls.py - the system calls that a unit leaves to its daemon, as systemd reads its filter."""
import functools
import pathlib
import re
import subprocess


@functools.cache
def members(group):
    """All calls of @group, groups in it resolved."""
    text = subprocess.run(["systemd-analyze", "--no-pager", "syscall-filter", group], text=True,
                          capture_output=True, timeout=30, check=True).stdout
    words = re.findall(r"^    (@?[a-z0-9_-]+)", text, re.M)
    return frozenset().union(*(members(w) if w.startswith("@") else {w} for w in words))


def allowed(unit):
    """The names that SystemCallFilter= of @unit allows; a line with ~ takes away."""
    left = set()
    for line in re.findall(r"^SystemCallFilter=(.*)$", pathlib.Path(unit).read_text(), re.M):
        words = line.removeprefix("~").split()
        calls = frozenset().union(*(members(w) if w.startswith("@") else {w} for w in words))
        left = left - calls if line.startswith("~") else left | calls
    return left
