#!/usr/bin/python3
"""test-day-fast.py BUILD [--whole] [--factor N]: a day of two communes through the real daemons.

Scheduler, broker, players, gateways and boards are the real ones; the clock runs sixty times
faster, or N times, and the players' sound cards are as fast as it. Without --whole two hours
around a midnight, with it from one evening to the midnight after the next. Prints TAP.

The bounds are the machine's scheduling times sixty: 50 ms are three seconds at x60.
"""
import argparse
import os
import pathlib
import shutil
import sqlite3
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "fast"))
from fast_district import (Clock, FastCommune, FastDistrict, FastPrograms,  # noqa: E402
                           local_clock, local_date, local_s)
import facts  # noqa: E402
from district import speak  # noqa: E402
from processes import Failed  # noqa: E402

STATIONS = ("dak-doa", "kong-chro")
# Of simulated time. A start within it counts as on time: at x60 50 ms of the machine.
START_BOUND_S = 3
# For making the district, before the programme begins; of the machine's time.
SETUP_S = 60
RENEW_AFTER_S = 20 * 3600
# From the last planned end until all verdicts are final, in real seconds.
SETTLE_S = 60
LANGUAGES = {"vi": ("vi", 150, "Bản tin thử nghiệm, xin bà con chú ý."),
             "bdq": ("vi+f3", 130, "Giọng máy thử nghiệm. Pơlĕi. Kon pơlĕi. Đak tih."),
             "jra": ("id", 130, "Giọng máy thử nghiệm. Ƀôn sang. Tơring čar. Hrơi.")}
ZONES = [z for z in facts.ZONES if z[0] in STATIONS]


STOPPED = "stopped after midnight"


class Programme:
    """What is asked for, and who must hear it."""

    def __init__(self, district, people):
        self.district, self.people = district, people
        self.expected = {}  # (slot, date, zone) -> languages
        self.starts = []
        self.slots = {}

    def announcement(self, title):
        folder, words = self.district.folder, []
        for language, (voice, speed, script) in LANGUAGES.items():
            audio, text = (folder / f"{language}.{ending}" for ending in ("wav", "txt"))
            if not audio.exists():
                speak(voice, speed, script, audio)
                text.write_text(script)
            words += ["--version", f"{language}={audio}", "--script", f"{language}={text}"]
        made = self.people["editor"].loactl(
            "announcement", "add", title, "--no-state-secret", "--home", self.district.area, "--source-number", "1/TB",
            "--source-issuer", "UBND", "--source-date", local_date(self.district.clock.utc_s),
            "--valid-from", local_date(self.district.clock.utc_s), "--valid-until", "2199-01-01",
            "--announcer", "Giọng máy thử nghiệm", *words)
        for version in made["versions"]:
            self.people["reviewer"].loactl("version", "check", version["id"], "--no-state-secret")
            self.people["approver"].approve(version["id"])
        return made["id"]

    def playlist(self, name, *announcements):
        return self.people["editor"].loactl(
            "playlist", "add", name, "--home", self.district.area,
            *[a if a.startswith("pause:") else f"announcement:{a}" for a in announcements])["id"]

    def slot(self, name, playlist, at_s, policy="each", rule=None, approved=True):
        words = ["--rule", rule] if rule else []
        made = self.people["editor"].loactl(
            "slot", "add", name, "--home", self.district.area, "--playlist", playlist, "--date",
            local_date(at_s), "--at", local_clock(at_s), "--to", self.district.area, "--policy",
            policy, *words)
        if approved:
            self.people["approver"].loactl("slot", "approve", made["id"])
        self.slots[made["id"]] = name
        return made["id"]

    def expect(self, slot, at_s, policy, n_items=1):
        self.starts.append(at_s)
        for station, zone, _, languages, _ in ZONES:
            heard = languages if policy == "each" else languages[:1]
            self.expected[slot, local_date(at_s), zone] = sorted(heard * n_items)

    def play(self, name, playlist, at_s, policy, n_items=1):
        self.expect(self.slot(name, playlist, at_s, policy), at_s, policy, n_items)

    def override(self, slot, at_s, playlist):
        date = local_date(at_s)
        words = ["--playlist", playlist] if playlist else []
        made = self.people["editor"].loactl("slot", "date", "set", slot, date, *words)
        # Silence needs no second person.
        if playlist:
            content = next(o["content"] for o in made["dates"] if o["date"] == date)
            self.people["approver"].loactl("slot", "date", "approve", slot, date, content)


def make_district(district):
    admin = district.admin
    for area, name, code in facts.COMMUNES:
        if area in STATIONS:
            admin.loactl("area", "put", area, "commune", f"Xã {name}", "--parent", district.area,
                         "--code", code)
    for area, name, commune in facts.VILLAGES:
        if commune in STATIONS:
            admin.loactl("area", "put", area, "village", name, "--parent", commune)
    people = {role: district.account(login, name, f"{role}@{district.area}")
              for login, name, role in facts.ACCOUNTS}
    communes = []
    for station in STATIONS:
        commune = FastCommune(district, station, [z[1:] for z in ZONES if z[0] == station],
                              timed_on_s=0, heartbeat_s=60)
        commune.describe(people["technician"], f"Đài {station}")
        commune.start(people["technician"])
        communes.append(commune)
    return people, communes


def make_windows(district, closed_s):
    """All day but for the ten minutes from @closed_s on."""
    at, until = local_clock(closed_s)[:5], local_clock(closed_s + 600)[:5]
    district.admin.loactl("windows", "set", district.area, f"mon-sun 00:00-{at}",
                          f"mon-sun {until}-24:00")


def make_programme(programme, midnight_s, is_whole):
    """Slots before and after @midnight_s; @is_whole: and through the day that begins there."""
    one = programme.announcement("Tin một")
    two = programme.announcement("Tin hai")
    gone = programme.announcement("Tin rút lại")
    single, double = programme.playlist("Một", one), programme.playlist("Hai", one, two)
    withdrawn = programme.playlist("Rút lại", gone)
    first_s = midnight_s - 1800

    make_windows(programme.district, midnight_s + 1500)
    programme.play("each", double, first_s, "each", 2)
    programme.play("first", single, first_s + 600, "first")
    programme.play("over midnight", double, midnight_s - 20, "each", 2)
    # Its first part sounds before midnight, its last would 20 minutes after.
    two_parts = programme.playlist("Hai phần", one, "pause:600", "pause:600", "pause:300", two)
    programme.play(STOPPED, two_parts, midnight_s - 300, "each")
    programme.slot("withdrawn", withdrawn, midnight_s + 600)
    programme.slot("not approved", single, midnight_s + 900, approved=False)
    programme.slot("outside its window", single, midnight_s + 1560)
    changed = programme.slot("changed on its date", double, midnight_s + 2400)
    programme.override(changed, midnight_s + 2400, single)
    programme.expect(changed, midnight_s + 2400, "each")
    silenced = programme.slot("silenced on its date", single, midnight_s + 2700)
    programme.override(silenced, midnight_s + 2700, None)
    programme.play("last", single, midnight_s + 3300, "each")
    if is_whole:
        for hour in range(2, 24):
            programme.play(f"hour {hour}", double if hour % 3 else single,
                           midnight_s + hour * 3600, "each" if hour % 2 else "first",
                           2 if hour % 3 else 1)
    programme.people["editor"].loactl("announcement", "withdraw", gone)
    return first_s


def stop_after_midnight(programme, clock, midnight_s):
    """Stops the slot that began before @midnight_s when it is over; what follows is not heard."""
    slot = next(s for s, name in programme.slots.items() if name == STOPPED)
    time.sleep(clock.real_left(midnight_s + 120))
    programme.people["editor"].loactl("slot", "stop", slot)
    return slot


def deliveries(people, dates):
    return [row for date in dates
            for row in people["editor"].loactl("delivery", "--date", date)["deliveries"]]


def follow(people, dates, clock, end_s):
    """Waits for the end and for verdicts, which come by themselves; looks every few seconds."""
    deadline = time.monotonic() + clock.real_left(end_s) + SETTLE_S
    while True:
        if clock.now() > end_s:
            rows = deliveries(people, dates)
            if all(row["state"] not in ("waiting", "no_contact") for row in rows):
                return rows
        if time.monotonic() > deadline:
            raise Failed("the verdicts did not come in time")
        time.sleep(min(2, clock.real_left(end_s) + 0.2))


class Tap:
    def __init__(self):
        self.n, self.failed = 0, 0

    def check(self, is_good, name, detail=""):
        self.n += 1
        self.failed += not is_good
        print(f"{'ok' if is_good else 'not ok'} {self.n} - {name}")
        for line in str(detail).splitlines() if not is_good else []:
            print(f"# {line}")
        sys.stdout.flush()


def check_deliveries(tap, programme, rows, factor):
    heard = {}
    for row in rows:
        heard.setdefault((row["slot"], row["date"], row["zone"]), []).append(row["language"])
    heard = {key: sorted(languages) for key, languages in heard.items()}
    named = [(programme.slots[s], d, z, languages) for (s, d, z), languages in heard.items()
             if programme.expected.get((s, d, z)) != languages]
    missing = [(programme.slots[s], d, z) for s, d, z in programme.expected
               if (s, d, z) not in heard]
    tap.check(not named and not missing, "the plan is what was asked for, in the right languages",
              f"unexpected {named}\nmissing {missing}")
    bad = [(programme.slots[r["slot"]], local_clock(r["planned_start_us"] / 1e6), r["zone"],
            r["language"], r["state"], r["reason"], r.get("details")) for r in rows
           if r["state"] != "delivered"]
    tap.check(not bad, f"all {len(rows)} segments of all zones are delivered",
              "\n".join(map(str, bad)))
    late = sorted(((r["started_us"] - r["planned_start_us"]) / 1e6 for r in rows
                   if r["started_us"]), key=abs)
    print(f"# start error, simulated: median {late[len(late) // 2]:.3f} s, worst {late[-1]:.3f} s")
    tap.check(bool(late) and abs(late[-1]) <= START_BOUND_S,
              f"every start within {START_BOUND_S} s x{factor}", late[-5:])


def check_boards(tap, communes):
    """The boards' own word: every relay of a zone was closed, and none is at the end."""
    for commune in communes:
        closed = {relay for relay, is_on, _ in commune.coils() if is_on}
        last = {relay: is_on for relay, is_on, _ in commune.coils()}
        idle = [zone[0] for zone in commune.zones if zone[3] not in closed]
        tap.check(not idle and not any(last.values()),
                  f"{commune.station}: every zone was switched, and is off", f"{idle} {last}")


def check_database(tap, path, stopped, midnight_s):
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    at = [(kind, local_clock(at_us / 1e6)) for kind, at_us in db.execute(
        "SELECT kind, planned_start_us FROM records WHERE kind <> 'missed' AND"
        " planned_start_us > $1 AND occurrence LIKE $2", [midnight_s * 1e6, f"{stopped}-%"])]
    tap.check(not at, "nothing sounds after midnight of what was stopped then", at)
    twice = db.execute(
        "SELECT station, segment, zone, count(*) FROM records WHERE kind IN ('played', 'missed')"
        " GROUP BY 1, 2, 3 HAVING count(*) > 1").fetchall()
    tap.check(not twice, "one final record a segment and zone", twice)
    holes = db.execute("SELECT station, journal, count(*), min(seq), max(seq) FROM records"
                       " GROUP BY 1, 2 HAVING count(*) <> max(seq) OR min(seq) <> 1").fetchall()
    alarms = db.execute("SELECT station, kind, words FROM alarms").fetchall()
    tap.check(not holes and not alarms, "every record is there, once, in one chain",
              f"{holes} {alarms}")
    unasked, n = [], 0
    for station in STATIONS:
        before = None
        for version, contents, issued_us in db.execute(
                "SELECT version, contents, issued_us FROM manifests WHERE station = $1"
                " ORDER BY version", [station]):
            if before and contents == before[0] and \
                    (issued_us - before[1]) / 1e6 < RENEW_AFTER_S:
                unasked.append((station, version))
            before, n = (contents, issued_us), n + 1
    tap.check(n >= len(STATIONS) and not unasked,
              "a manifest is issued for new contents or after a day only", unasked)
    print(f"# {n} manifests, {db.execute('SELECT count(*) FROM records').fetchone()[0]} records")
    db.close()


def run(build, folder, is_whole, factor):
    tap = Tap()
    clock = Clock(factor, 23.5 - SETUP_S * factor / 3600)
    midnight_s = local_s(local_date(clock.utc_s + 86400), "00:00:00")
    district = FastDistrict(FastPrograms(build), folder, facts.GROUP[0], facts.GROUP[1], clock)
    try:
        district.start()
        people, communes = make_district(district)
        programme = Programme(district, people)
        first_s = make_programme(programme, midnight_s, is_whole)
        for commune in communes:
            commune.wait_until_told(people["technician"], 60)
        tap.check(clock.now() < first_s - 60, "ready before the programme begins",
                  f"it was {local_clock(clock.now())}")
        stopped = stop_after_midnight(programme, clock, midnight_s)
        rows = follow(people, sorted({local_date(s) for s in programme.starts}), clock,
                      max(programme.starts) + 300)
        check_deliveries(tap, programme, rows, factor)
        check_boards(tap, communes)
        check_database(tap, folder / "scheduler/state/district.db", stopped, midnight_s)
    except Failed as failure:
        tap.check(False, "the district works", failure)
    finally:
        district.stop()
    print(f"1..{tap.n}")
    return tap.failed


def go_first():
    """A second of this day is 17 ms: its programs go before others, where the machine lets us."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except (AttributeError, PermissionError):
        print("# no real-time priority here: what else runs may make this late")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--factor", type=int, default=60)
    options = parser.parse_args()
    os.environ["TZ"] = "Asia/Ho_Chi_Minh"
    time.tzset()
    go_first()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="loa-fast-"))
    failed = run(options.build, folder, options.whole, options.factor)
    if failed:
        print(f"# the logs are kept in {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
