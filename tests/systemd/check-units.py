#!/usr/bin/python3
"""check-units.py SYSTEMD_FOLDER: the units are as closed as they claim, by systemd's own measure.

Each unit is judged by `systemd-analyze security --offline`, alone or with a drop-in. A negative
control proves that the gate can fail. Prints TAP.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

#  unit, drop-in, the most exposure allowed
CASES = [
    ("loa-player.service", None, 1.3),
    ("loa-scheduler.service", None, 1.5),
    ("loa-gateway.service", None, 0.8),
    ("loa-gateway.service", "loa-gateway-tcp.conf", 1.1),
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


def main():
    folder = pathlib.Path(sys.argv[1])
    print(f"1..{len(CASES) + 2}")
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
    complaints = check_syntax(folder)
    for line in complaints:
        print(f"# {line}")
    print(f"{'not ok' if complaints else 'ok'} {len(CASES) + 2} - systemd-analyze verify")


main()
