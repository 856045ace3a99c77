#!/usr/bin/python3
"""test-pages.py BUILD [NAME ...]: the pages of a real district in a real browser.

Makes a district and accounts of several roles, then runs the browser's tests against it; they
speak TAP themselves. With names only NAME.test.mjs.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "demo"))

from district import District, Programs  # noqa: E402  (its folder is known only now)

AREA = "khu-vuc"
ROLES = ("editor", "reviewer", "approver", "official", "technician", "administrator")
BOUND_S = 240


def make_places(admin):
    admin.loactl("area", "put", "ia-pa", "commune", "Xã Ia Pa", "--parent", AREA)
    admin.loactl("area", "put", "ia-pa-bon-1", "village", "Ƀôn 1, Ia Pa", "--parent", "ia-pa")


def stories(names):
    every = sorted(HERE.glob("*.test.mjs"))
    return [str(path) for path in every if not names or path.name.split(".")[0] in names]


def main():
    with tempfile.TemporaryDirectory(prefix="loa-web-", dir="/tmp") as folder:
        district = District(Programs(sys.argv[1]), folder, AREA, "Khu vực thử")
        try:
            district.start()
            make_places(district.admin)
            accounts = {}
            for role in ROLES:
                person = district.account(f"{role}-1", f"Tài khoản {role}", f"{role}@{AREA}")
                accounts[role] = {"login": person.login, "password": person.password}
            env = {**os.environ, "HOME": folder,
                   "LOA_DISTRICT": json.dumps({"url": district.url, "accounts": accounts})}
            done = subprocess.run(["node", "--test", "--test-reporter=./tap.mjs",
                                   *stories(sys.argv[2:])],
                                  env=env, cwd=HERE, timeout=BOUND_S, check=False)
            return done.returncode
        finally:
            district.stop()


sys.exit(main())
