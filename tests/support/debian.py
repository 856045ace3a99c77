#!/usr/bin/python3
"""debian.py: the tools of a Debian machine that does not exist, called by their own names.

Linked as apt-get, dpkg-query, id, sudo, node and npm into a folder that is the whole PATH. The
machine is the folder LOA_SYSTEM: `packages` (a line "STATE NAME" each, STATE as dpkg writes
it), `log` (what was done to it, one line each) and usr/sbin/policy-rc.d if somebody put one
there. `user` names who is at the terminal; behind sudo it is root.

A file `fails` in it ("update 100", "install 100") makes apt-get end so; "install hang" makes it
wait for a signal, as a download on a dead line does.
"""
import os
import pathlib
import signal
import subprocess
import sys

MACHINE = pathlib.Path(os.environ["LOA_SYSTEM"])
POLICY = MACHINE / "usr/sbin/policy-rc.d"
#  packages whose installation starts a service, by invoke-rc.d
SERVICES = ("mosquitto",)
DENIED = 101


def log(words):
    with open(MACHINE / "log", "a", encoding="utf-8") as out:
        out.write(words + "\n")


def is_root():
    return "SUDO_USER" in os.environ or (MACHINE / "user").read_text() == "root"


def read_packages():
    lines = (MACHINE / "packages").read_text().splitlines()
    return {name: state for state, name in map(str.split, lines)}


def dpkg_query(words):
    assert words[:2] == ["-W", "-f"], words
    for name, state in read_packages().items():
        # the state is three characters wide, the last one blank while nothing is broken
        print(words[2].replace("${db:Status-Abbrev}", f"{state} ").replace("${Package}", name)
              .replace("\\n", "\n"), end="")
    return 0


def start_services(names):
    for name in names:
        denied = POLICY.exists() and subprocess.run([POLICY, name, "start"],
                                                    check=False).returncode == DENIED
        if name in SERVICES and not denied:
            log(f"started {name}")


def failure(act):
    """How this act is to end: a status, "hang", or None."""
    fails = MACHINE / "fails"
    lines = fails.read_text().splitlines() if fails.exists() else []
    return dict(map(str.split, lines)).get(act)


def apt_get(words):
    act = next(word for word in words if word in ("update", "install"))
    if not is_root():
        print("E: Could not open lock file - are you root?", file=sys.stderr)
        return 100
    names = [word for word in words[words.index(act) + 1:] if not word.startswith("-")]
    log(" ".join([act, *sorted(names)]))
    how = failure(act)
    if how == "hang":
        signal.pause()
    if how:
        return int(how)
    if act == "install":
        packages = read_packages()
        packages.update(dict.fromkeys(names, "ii"))
        (MACHINE / "packages").write_text("".join(f"{s} {n}\n" for n, s in packages.items()))
        start_services(names)
    return 0


def sudo(words):
    log(f"sudo {words[0]}")
    os.environ["SUDO_USER"] = (MACHINE / "user").read_text()
    os.execvp(words[0], words)


def print_id(words):
    assert words == ["-u"], words
    print(0 if is_root() else 1000)
    return 0


TOOLS = {"apt-get": apt_get, "dpkg-query": dpkg_query, "sudo": sudo, "id": print_id,
         # their being there is all that is asked of them
         "node": lambda words: 0, "npm": lambda words: 0}

if __name__ == "__main__":
    sys.exit(TOOLS[pathlib.Path(sys.argv[0]).name](sys.argv[1:]))
