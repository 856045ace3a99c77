#!/usr/bin/python3
"""test-pages.py BUILD [NAME ... | --bench FILE]: the pages of a real district in a real browser.

Makes a district and accounts of several roles, then runs the browser's tests against it; they
speak TAP themselves. With names only NAME.test.mjs; --bench runs a measurement instead.
"""
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "demo"))

from district import Commune, District, Programs  # noqa: E402  (its folder is known only now)

AREA = "khu-vuc"
ROLES = {role: (f"{role}@{AREA}",) for role in ("editor", "reviewer", "approver", "official",
                                                "technician", "administrator", "operator")}
# A commune's leader who also reads its languages.
ROLES["head"] = ("approver@xa-loa", "reviewer@xa-loa")
ROLES["announcer"] = (f"editor@{AREA}",)
BOUND_S = 600


def make_places(admin):
    admin.loactl("area", "put", "ia-pa", "commune", "Xã Ia Pa", "--parent", AREA)
    admin.loactl("area", "put", "ia-pa-bon-1", "village", "Ƀôn 1, Ia Pa", "--parent", "ia-pa")
    admin.loactl("area", "put", "xa-loa", "commune", "Xã Ia Loa", "--parent", AREA)
    admin.loactl("area", "put", "ia-tho", "commune", "Xã Ia Tho", "--parent", AREA)
    admin.loactl("area", "put", "ia-tho-1", "village", "Plei Tho", "--parent", "ia-tho")
    admin.loactl("windows", "set", "ia-tho", "mon-sun 00:00-24:00")


class Workbench:
    """The machines of one station, as a technician sets them up: board, gateway, card, player."""

    def __init__(self, district):
        self.district, self.commune = district, None

    def enrol(self, code):
        """What is typed at the machine; a second time it is another machine."""
        if self.commune:
            self.commune.new_machine()
        else:
            self.commune = Commune(self.district, "dai-ia-tho", [("cum-cho", "ia-tho-1", ["jra"], 1)])
            self.commune.start_board()
            self.commune.write_gateway()
            self.commune.start_gateway()
            self.commune.write_player()
        self.commune.enrol_with(code)
        self.commune.start_player()


def control(district):
    """A place on loopback where a story ends and starts the scheduler: POST /stop, /kill, /start."""
    orders = {"/stop": lambda: district.scheduler.stop(), "/kill": lambda: district.scheduler.kill(),
              "/start": district.start}
    bench = Workbench(district)

    class Orders(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            order = orders.get(self.path)
            if order:
                order()
            elif self.path == "/enrol":
                order = bench.enrol
                order(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200 if order else 404)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Orders)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def told_of(person):
    """What a browser needs to sign in as somebody."""
    phone = person.phone
    return {"login": person.login, "password": person.password,
            **({"secret": phone.secret, "step": phone.step, "recovery": phone.recovery} if phone else {})}


def make_station(technician):
    technician.loactl("station", "put", "ia-pa", "Đài Ia Pa", "--area", "ia-pa")
    technician.loactl("output", "put", "ia-pa", "main", "Loa chính")
    technician.loactl("zone", "put", "ia-pa", "a", "Cụm loa a", "--output", "main", "--village",
                      "ia-pa-bon-1", "--language", "jra", "--language", "vi")


def stories(names):
    every = sorted(HERE.glob("*.test.mjs"))
    return [str(path) for path in every if not names or path.name.split(".")[0] in names]


def what(words):
    if words[:1] == ["--bench"]:
        return words[1:]
    return ["--test-reporter=./tap.mjs", "run.mjs", *stories(words)]


def main():
    with tempfile.TemporaryDirectory(prefix="loa-web-", dir="/tmp") as folder:
        district = District(Programs(sys.argv[1]), folder, AREA, "Khu vực thử")
        try:
            district.start()
            make_places(district.admin)
            accounts = {}
            for role, rights in ROLES.items():
                person = district.account(f"{role}-1", f"Tài khoản {role}", *rights)
                accounts[role] = told_of(person)
                if role == "technician":
                    make_station(person)
            accounts["first"] = told_of(district.admin)
            orders = control(district)
            told = {"url": district.url, "area": AREA, "accounts": accounts,
                    "control": f"http://127.0.0.1:{orders.server_port}"}
            done = subprocess.run(["node", *what(sys.argv[2:])], cwd=HERE, timeout=BOUND_S, check=False,
                                  env={**os.environ, "HOME": folder, "LOA_DISTRICT": json.dumps(told)})
            orders.shutdown()
            return done.returncode
        finally:
            district.stop()


sys.exit(main())
