"""fast_district.py - the demo's district on a clock that runs faster.

The real daemons, linked with tests/fast/fast-clock.c; all are given the same clock in
LOA_TEST_CLOCK, and this module reads the same one. The present is a past night, so that what
looks at certificates by the machine's own clock (broker, GnuTLS, loactl) finds them in order.
"""
import calendar
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "demo"))
from district import Commune, District, Person, Programs  # noqa: E402
from processes import wait_until  # noqa: E402

# A session ends after half an hour without a word: half a minute of ours at x60.
SIGNED_IN_S = 10
UTC_OFFSET_S = 7 * 3600


class Clock:
    """What the daemons take for the time; seconds since 1970 unless it says otherwise."""

    def __init__(self, factor, local_hour):
        """Begins on the day before yesterday at @local_hour of Asia/Ho_Chi_Minh."""
        days = int((time.time() + UTC_OFFSET_S) // 86400) - 2
        self.factor = factor
        self.real_s = time.monotonic()
        self.utc_s = days * 86400 - UTC_OFFSET_S + local_hour * 3600

    @property
    def words(self):
        return f"{int(self.real_s * 1e6)}:{int(self.utc_s * 1e6)}:{self.factor}"

    def now(self):
        return self.utc_s + (time.monotonic() - self.real_s) * self.factor

    def real_left(self, until_s):
        """Seconds of the machine until it is @until_s."""
        return max(0, (until_s - self.now()) / self.factor)


def local_date(at_s):
    return time.strftime("%Y-%m-%d", time.gmtime(at_s + UTC_OFFSET_S))


def local_clock(at_s):
    return time.strftime("%H:%M:%S", time.gmtime(at_s + UTC_OFFSET_S))


def local_s(date, clock):
    return calendar.timegm(time.strptime(f"{date} {clock}", "%Y-%m-%d %H:%M:%S")) - UTC_OFFSET_S


class FastPrograms(Programs):
    def __init__(self, build):
        super().__init__(build)
        self.scheduler = self.build / "tests/fast/loa-scheduler-fast"
        self.player = self.build / "tests/fast/loa-player-fast"
        self.gateway = self.build / "tests/fast/loa-gateway-fast"


class FastPerson(Person):
    """Signs in again before the session is too old for a clock that runs so fast."""

    def sign_in(self):
        self.signed_in_s = time.monotonic() + 3600  # no other one while this one is under way
        super().sign_in()
        self.signed_in_s = time.monotonic()

    def run(self, *words, out="--json"):
        if time.monotonic() - self.signed_in_s > SIGNED_IN_S:
            self.sign_in()
        return super().run(*words, out=out)


class FastDistrict(District):
    def __init__(self, programs, folder, area, name, clock):
        self.clock = clock
        super().__init__(programs, folder, area, name)

    def _as(self, user, *argv):
        return super()._as(user, "env", f"LOA_TEST_CLOCK={self.clock.words}", *argv)

    def daemon(self, name, *argv, env=None, user=None):
        return super().daemon(name, *argv, user=user,
                              env={**(env or {}), "LOA_TEST_CLOCK": self.clock.words})

    def start(self):
        self.admin = None
        super().start()
        self.admin = FastPerson(self, "quan-tri", self.admin_password)
        # A step of 30 s is half a second here: no code would be typed in time.
        self.admin.loactl("settings", "set", "second-factor", "false")

    def account(self, login, name, *rights):
        words = [w for right in rights for w in ("--right", right)]
        made = self.admin.loactl("account", "add", login, name, *words)
        return FastPerson(self, login, made["password"])


class FastCommune(Commune):
    """Its gateway says that switching takes long, for Modbus is as slow as it ever was."""

    def write_gateway(self):
        super().write_gateway()
        self.gateway_config.write_text(
            self.gateway_config.read_text().replace("stagger-ms=20\n", "stagger-ms=2000\n"))

    def wait_until_told(self, technician, seconds):
        """Until the station holds the newest manifest."""
        def is_told():
            for row in technician.loactl("status")["stations"]:
                if row["station"] == self.station:
                    version = row["state"]["accepted_version"]
                    return version > 0 and version == row["issued_version"]
            return False
        wait_until(is_told, seconds, f"{self.station} to hold its manifest")
