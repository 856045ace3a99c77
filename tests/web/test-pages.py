#!/usr/bin/python3
"""test-pages.py BUILD [NAME ... | --bench FILE]: the pages of a real district in a real browser.

Makes a district and accounts of several roles, then runs the browser's tests against it; they
speak TAP themselves. With names only NAME.test.mjs; --bench runs a measurement instead.
"""
import sys
import tempfile

from stage import HERE, play, told_of
from district import Commune, District, Programs
from mail import Mail

AREA = "khu-vuc"
ROLES = {role: (f"{role}@{AREA}",) for role in ("editor", "reviewer", "approver", "official",
                                                "technician", "administrator", "operator")}
# A commune's leader who also reads its languages.
ROLES["head"] = ("approver@xa-loa", "reviewer@xa-loa")
ROLES["announcer"] = (f"editor@{AREA}",)
# One of a commune alone: its editor, who grants rights there too.
ROLES["clerk"] = ("editor@xa-loa", "administrator@xa-loa")


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


def make_station(technician):
    technician.loactl("station", "put", "ia-pa", "Đài Ia Pa", "--area", "ia-pa")
    technician.loactl("output", "put", "ia-pa", "main", "Loa chính")
    technician.loactl("zone", "put", "ia-pa", "a", "Cụm loa a", "--output", "main", "--village",
                      "ia-pa-bon-1", "--language", "jra", "--language", "vi")


def stories(names):
    every = {path.name.split(".")[0]: str(path) for path in sorted(HERE.glob("*.test.mjs"))}
    wanted = [name.split(".")[0] for name in names] or list(every)
    unknown = [name for name in wanted if name not in every]
    if unknown:
        sys.exit(f"no such story: {' '.join(unknown)}; there are: {' '.join(every)}")
    return [every[name] for name in wanted]


def what(words):
    if words[:1] == ["--bench"]:
        return words[1:]
    return ["--test-reporter=./tap.mjs", "run.mjs", *stories(words)]


def main():
    with tempfile.TemporaryDirectory(prefix="loa-web-", dir="/tmp") as folder:
        district = District(Programs(sys.argv[1]), folder, AREA, "Khu vực thử")
        mail = Mail(district.config)
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
            # by name each time: a started scheduler is another one
            orders = {"/stop": lambda: district.scheduler.stop(),
                      "/kill": lambda: district.scheduler.kill(), "/start": district.start,
                      "/enrol": Workbench(district).enrol, "/letters": lambda: mail.letters}
            return play(what(sys.argv[2:]), district, accounts, orders)
        finally:
            district.stop()
            mail.stop()


sys.exit(main())
