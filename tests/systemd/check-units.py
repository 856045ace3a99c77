#!/usr/bin/python3
"""check-units.py SYSTEMD_FOLDER: the units are as closed as they claim, and fit to what is beside them.

Each unit is judged by `systemd-analyze security --offline`, alone or with a drop-in; a negative
control proves that the gate can fail. Accounts, folders and sockets that units, loa.sysusers,
loa.tmpfiles and the daemons' defaults (the tables of the README) name are the same. Prints TAP.
"""
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

#  unit, drop-in, the most exposure allowed
CASES = [
    ("loa-player.service", None, 1.3),
    ("loa-scheduler.service", None, 1.5),
    ("loa-gateway.service", None, 0.8),
    ("loa-gateway.service", "loa-gateway-tcp.conf", 1.1),
    ("loa-page.service", None, 1.3),
]


def exposure_of(text):
    """The overall exposure of a unit; drop-ins are appended, as systemd reads them."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "loa-judged.service"
        path.write_text(text)
        out = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager",
                              str(path)], capture_output=True, text=True, timeout=60,
                             check=False).stdout
    return float(re.search(r"Overall exposure level for \S+: ([0-9.]+)", out).group(1))


def check_syntax(folder):
    """What systemd-analyze verify complains of, but for programs that are not installed."""
    units = sorted(str(u) for u in folder.glob("*.service"))
    out = subprocess.run(["systemd-analyze", "verify", "--man=no", *units],
                         capture_output=True, text=True, timeout=60, check=False).stderr
    return [line for line in out.splitlines()
            if re.search(r"loa-[a-z]+\.service", line) and "is not executable" not in line]


def values(unit, key):
    """All values of @key= in the text of a unit, in order."""
    return re.findall(rf"^{key}=(.*)$", unit, re.M)


def rows(path):
    """The lines of a sysusers or tmpfiles file, as words."""
    lines = path.read_text().splitlines()
    return [shlex.split(line) for line in lines if line.strip() and not line.startswith("#")]


def check_accounts(name, unit, sysusers):
    accounts = {row[1] for row in sysusers if row[0] == "u"}
    joined = {(row[1], row[2]) for row in sysusers if row[0] == "m"}
    user, group = values(unit, "User")[-1], values(unit, "Group")[-1]
    if user not in accounts:
        yield f"{name}: nobody makes the account {user}"
    if group not in accounts and (user, group) not in joined:
        yield f"{name}: {user} is no member of {group} in loa.sysusers"


def check_folders(name, unit, folders, readme):
    user = values(unit, "User")[-1]
    for key, base in (("StateDirectory", "/var/lib"), ("RuntimeDirectory", "/run")):
        for folder in values(unit, key):
            mode = values(unit, key + "Mode")[-1]
            wanted = [f"{base}/{folder}", mode, user, user]
            if wanted not in folders:
                yield f"{name}: {key}= and loa.tmpfiles differ: {wanted}"
            if f"`{base}/{folder}" not in readme:
                yield f"{name}: {base}/{folder} is no default of a configuration key"
    config = re.search(r"--config (\S+)", values(unit, "ExecStart")[-1]).group(1)
    if str(pathlib.Path(config).parent) not in [folder[0] for folder in folders]:
        yield f"{name}: nobody makes the folder of {config}"
    if f"### {pathlib.Path(config).name}" not in readme:
        yield f"{name}: {config} is not in the README"


def check_devices(name, unit):
    """A name of a group of devices is looked up when the unit starts, a number always holds."""
    for allowed in values(unit, "DeviceAllow"):
        if allowed and not re.fullmatch(r"char-\d+ rw", allowed):
            yield f"{name}: DeviceAllow={allowed} depends on when the driver is loaded"


def check_agreement(folder):
    sysusers, tmpfiles = rows(folder / "loa.sysusers"), rows(folder / "loa.tmpfiles")
    folders = [row[1:5] for row in tmpfiles if row[0] == "d"]
    readme = (folder.parent / "README.md").read_text()
    for path in sorted(folder.glob("*.service")):
        unit = path.read_text()
        yield from check_accounts(path.name, unit, sysusers)
        yield from check_folders(path.name, unit, folders, readme)
        yield from check_devices(path.name, unit)


def main():
    folder = pathlib.Path(sys.argv[1])
    print(f"1..{len(CASES) + 3}")
    for number, (unit, drop_in, limit) in enumerate(CASES, 1):
        text = (folder / unit).read_text()
        if drop_in:
            text += (folder / drop_in).read_text()
        exposure = exposure_of(text)
        print(f"{'ok' if exposure <= limit else 'not ok'} {number} - {unit} with {drop_in}: "
              f"exposure {exposure}, allowed {limit}")
    opened = (folder / "loa-player.service").read_text().replace("NoNewPrivileges=true", "") \
        .replace("ProtectSystem=strict", "").replace("CapabilityBoundingSet=\n", "")
    exposure = exposure_of(opened)
    print(f"{'ok' if exposure > 1.3 else 'not ok'} {len(CASES) + 1} - an opened unit is noticed "
          f"({exposure})")
    for number, what, complaints in (
            (2, "systemd-analyze verify", check_syntax(folder)),
            (3, "units, accounts, folders and defaults agree", list(check_agreement(folder)))):
        for line in complaints:
            print(f"# {line}")
        print(f"{'not ok' if complaints else 'ok'} {len(CASES) + number} - {what}")


main()
