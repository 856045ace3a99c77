"""rig.py - a small town for tests: a district, its people, stations, one announcement.

Everything is real but relay boards and sound cards. The announcement is a stair of tones, one a
second, so that the sound card's timeline tells not only that something sounded but which second
of it. A test program is a list of cases called one after the other on one town; it prints TAP.
"""
import functools
import json
import math
import os
import pathlib
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import traceback
import wave

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "demo"))

from district import Commune, District, Programs, local, meanwhile  # noqa: E402
from processes import Failed, tail, wait_until  # noqa: E402

__all__ = ["Failed", "Town", "coils_by_mbpoll", "local", "run", "wait_until"]

AREA = "vung-thu"
STAIR_S = 8
# One in whose middle something is to be done has time for it.
LONG_STAIR_S = 16
STAIR_FIRST_HZ, STAIR_STEP_HZ = 400, 100
# From approval to the first sample: push, fetch, hash and pre-roll, beside a busy machine; and
# what of it is left when the station holds everything. Where less is, it is tried again later.
LEAD_S = 9
HELD_BEFORE_S = 2
MAX_LEAD_S = 80
FINAL = ("delivered", "partial", "missed", "quiet")


def write_stair(path, seconds=STAIR_S):
    """Second n of it sounds at 400 + 100 n Hz."""
    rate = 48000
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, rate, 0, "NONE", None))
        for second in range(seconds):
            turn = 2 * math.pi * (STAIR_FIRST_HZ + STAIR_STEP_HZ * second) / rate
            out.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(turn * i)))
                                     for i in range(rate)))


def coils_by_mbpoll(port, count=8):
    """The coils as an independent master reads them: a list of 0 and 1."""
    done = subprocess.run(["mbpoll", "-m", "tcp", "-p", str(port), "-a", "1", "-t", "0", "-r",
                           "1", "-c", str(count), "-1", "-q", "127.0.0.1"],
                          capture_output=True, text=True, timeout=60, check=False)
    return [int(line.split("\t")[-1]) for line in done.stdout.splitlines()
            if line.startswith("[")]


class Stair:
    """An announcement of tones, which the approver is listening to, and a playlist of it."""

    def __init__(self, town, seconds):
        audio = town.folder / ("stair.wav" if seconds == STAIR_S else f"stair-{seconds}.wav")
        write_stair(audio, seconds)
        self.seconds = seconds
        self.announcement, versions = town.record_announcement("Bậc thang", audio)
        self.approved = meanwhile(lambda: [town.approver.approve(one) for one in versions])
        self.playlist = town.editor.loactl("playlist", "add", f"Bậc thang {seconds}", "--home",
                                           AREA, f"announcement:{self.announcement}")["id"]


class Slot:
    """One broadcast: its id, when it begins, and how many seconds it lasts."""

    def __init__(self, slot, at_s, seconds=STAIR_S):
        self.id, self.at_s, self.seconds = slot, at_s, seconds
        self.date = local(at_s)[0]

    @property
    def end_s(self):
        return self.at_s + self.seconds


class Town:
    """@stations: {station: [(zone, relay)]}; each zone is a village of its own, in Vietnamese.

    @born: when the district was made, if not just now; its stations may then hold nothing.
    @site: what else communes are made with.
    """

    def __init__(self, build, folder, stations, boards=None, uris=(), born=None, **site):
        self.district = District(Programs(build), folder, AREA, "Vùng thử", uris, born)
        self.born = born
        self.folder = pathlib.Path(folder)
        self.stations, self.boards, self.site = stations, boards or {}, site
        self.communes = {}
        self.approved = None  # (nullable): the approver, who listens while communes are set up

    def start(self):
        self.district.start()
        self._make_places()
        account = self.district.account
        self.editor = account("bien-tap", "Biên tập", f"editor@{AREA}")
        self.reviewer = account("nguoi-doc", "Người đọc", f"reviewer@{AREA}")
        self.approver = account("nguoi-duyet", "Người duyệt", f"approver@{AREA}")
        self.technician = account("ky-thuat", "Kỹ thuật", f"technician@{AREA}")
        self._make_announcement()
        for station, zones in self.stations.items():
            self.add_commune(station, zones)
        if self.approved:
            self.approved.result()
        for station in self.stations if not self.born else ():
            wait_until(lambda s=station: self.is_current(s), 30, f"{station} to hold its plans")

    def is_current(self, station):
        """The newest manifest and all its days are in force at the station."""
        now = self.status(station)
        return (now.get("issued_version", 0) > 0 and bool(now.get("days")) and
                now.get("state", {}).get("accepted_version") == now["issued_version"] and
                all(day["applied"] for day in now["days"]))

    def stop(self):
        self.district.stop()

    def _make_places(self):
        admin = self.district.admin
        for station, zones in self.stations.items():
            admin.loactl("area", "put", station, "commune", f"Xã {station}", "--parent", AREA)
            for zone, _ in zones:
                admin.loactl("area", "put", zone, "village", f"Làng {zone}", "--parent", station)
        self.set_windows("mon-sun 00:00-24:00")

    def set_windows(self, *windows, area=AREA):
        """Wider ones, once something sounds there, wait for the approver."""
        answer = self.district.admin.loactl("windows", "set", area, *windows)
        if "waits" in answer:
            self.approver.loactl("proposal", "approve", answer["waits"])

    def _make_announcement(self):
        stair = Stair(self, STAIR_S)
        self.announcement, self.playlist = stair.announcement, stair.playlist
        self.approved = stair.approved

    @functools.cached_property
    def long_stair(self):
        stair = Stair(self, LONG_STAIR_S)
        stair.approved.result()
        return stair

    def record_announcement(self, title, audio):
        """Recorded and checked. Returns: its id, and those of what is to be heard and approved"""
        made = self.editor.loactl(
            "announcement", "add", title, "--no-state-secret", "--home", AREA, "--source-number", "1/TB",
            "--source-issuer", "Vùng thử", "--source-date", time.strftime("%Y-%m-%d"),
            "--valid-until", "2199-01-01", "--version", f"vi={audio}")
        for version in made["versions"]:
            self.reviewer.loactl("version", "check", version["id"], "--no-state-secret")
        return made["id"], [version["id"] for version in made["versions"]]

    def add_commune(self, station, zones):
        rows = [(zone, zone, ["vi"], relay) for zone, relay in zones]
        commune = Commune(self.district, station, rows,
                          boards=self.boards.get(station, ("cabinet",)), **self.site)
        commune.describe(self.technician, f"Đài {station}")
        commune.start(self.technician)
        if self.district.broker:
            self.district.reload_broker()
        commune.player.wait_for("the gateway answers")
        self.communes[station] = commune
        return commune

    # --- broadcasts ---

    def approve_slot(self, where=AREA, lead_s=LEAD_S, stair=None):
        """A slot some seconds from now, approved; nobody has waited for its stations."""
        at_s = math.ceil(time.time()) + lead_s
        date, clock = local(at_s)
        made = self.editor.loactl("slot", "add", f"Buổi {clock}", "--home", AREA, "--playlist",
                                  stair.playlist if stair else self.playlist, "--date", date,
                                  "--at", clock, "--to", where)
        slot = Slot(made["id"], at_s, stair.seconds if stair else STAIR_S)
        self.approver.loactl("slot", "approve", slot.id)
        return slot

    def broadcast(self, where=AREA, stations=None, lead_s=LEAD_S, stair=None):
        """A slot that its stations hold, with its sound, before it begins."""
        stations = stations or list(self.communes)
        while True:
            before = {s: self.status(s).get("issued_version", 0) for s in stations}
            slot = self.approve_slot(where, lead_s, stair)
            for station in stations:
                self.wait_applied(station, slot, before[station])
            if slot.at_s - time.time() >= HELD_BEFORE_S or lead_s >= MAX_LEAD_S:
                return slot
            # Too late for it: once it is over, another with more time.
            wait_until(lambda: time.time() > slot.end_s + 1,
                       max(0, slot.end_s - time.time()) + 60, "what came too late to be over")
            lead_s *= 2

    def status(self, station):
        answer = self.technician.loactl("status")
        return next(s for s in answer["stations"] if s["station"] == station)

    def is_applied(self, station, slot, after_version):
        now = self.status(station)
        days = [d for d in now.get("days", []) if d["date"] == slot.date]
        return (now.get("issued_version", 0) > after_version and
                now.get("state", {}).get("accepted_version") == now["issued_version"] and
                bool(days) and days[0]["applied"] and days[0]["missing_objects"] == 0)

    def wait_applied(self, station, slot, after_version=0, seconds=30):
        wait_until(lambda: self.is_applied(station, slot, after_version), seconds,
                   f"{station} to hold slot {slot.id}")

    def is_sounding(self, station):
        return bool(self.status(station).get("heartbeat", {}).get("sounding"))

    def wait_heard(self, station, slot, seconds_in=1.0, seconds=40):
        """Until the sound card has played the slot for @seconds_in."""
        def is_far():
            sounds = self.stairs(station, slot)
            return bool(sounds) and sounds[-1]["to_s"] >= seconds_in
        wait_until(is_far, seconds + max(0, slot.at_s - time.time()), f"{station} to sound")

    def stairs(self, station, slot, shortest_s=0.2):
        """Sounds of the slot: seconds after its start, and the stair's second by the pitch."""
        found = []
        for sound in self.communes[station].heard():
            from_s = sound["from_utc_us"] / 1e6 - slot.at_s
            duration_s = sound["duration_us"] / 1e6
            if -1 < from_s < slot.seconds + 1 and duration_s >= shortest_s:
                step = (sound["hz"] - STAIR_FIRST_HZ) / STAIR_STEP_HZ
                found.append({"from_s": from_s, "to_s": from_s + duration_s, "step": step})
        return found

    def misplaced(self, station, slot, slack_s=0.1):
        """Sounds that are not at their second of the stair."""
        return [s for s in self.stairs(station, slot)
                if not (s["step"] - slack_s <= s["from_s"] and
                        s["to_s"] <= s["step"] + 1 + slack_s)]

    def is_whole(self, station, slot, first=0, last=None):
        """Every second of the stair from @first to @last was heard, each once, in its place."""
        last = slot.seconds - 1 if last is None else last
        steps = [round(s["step"]) for s in self.stairs(station, slot, 0.5)]
        return steps == list(range(first, last + 1)) and not self.misplaced(station, slot)

    # --- proof ---

    def deliveries(self, slot, station=None):
        rows = self.editor.loactl("delivery", "--date", slot.date)["deliveries"]
        return [r for r in rows if r["slot"] == slot.id and station in (None, r["station"])]

    def wait_verdicts(self, slot, n_rows, station=None, seconds=60):
        """Deliveries of the slot once none is open; @n_rows: how many there must be."""
        last = []

        def is_final():
            last[:] = self.deliveries(slot, station)
            return len(last) == n_rows and all(r["state"] in FINAL for r in last)
        try:
            wait_until(is_final, seconds + max(0, slot.end_s - time.time()), "the verdicts")
        except Failed as failure:
            raise Failed(f"{failure}: {json.dumps(last, ensure_ascii=False)}") from failure
        return list(last)

    def records(self, slot, kind="played", station=None):
        """Records of the slot's segments at the district, by station, zone and start."""
        segments = {r["segment"] for r in self.deliveries(slot, station)}
        names = ",".join(f"'{s}'" for s in segments)
        rows = self.district.query("SELECT station, seq, raw FROM records "
                                   f"WHERE kind = '{kind}' AND segment IN ({names}) "
                                   "ORDER BY station, seq")
        found = [{**json.loads(row["raw"]), "station": row["station"]} for row in rows]
        return [r for r in found if station in (None, r["station"])]

    def wait_settled(self, station, seconds=40):
        """Until the district holds, and has acknowledged, all that the station wrote."""
        def is_settled():
            beat = self.status(station).get("heartbeat", {})
            return 0 < beat.get("journal_seq", 0) == beat.get("acked_seq", 0)
        wait_until(is_settled, seconds, f"the records of {station}")

    def chain_of(self, station):
        """(records, highest seq, acknowledged) of its journals, and alarms about them."""
        rows = self.district.query(
            "SELECT j.journal, j.acked_seq, j.highest_seq, (SELECT count(*) FROM records r "
            "WHERE r.station = j.station AND r.journal = j.journal) AS n FROM journals j "
            f"WHERE j.station = '{station}'")
        alarms = self.district.query(f"SELECT * FROM alarms WHERE station = '{station}'")
        return [(r["n"], r["highest_seq"], r["acked_seq"]) for r in rows], alarms

    def is_chain_whole(self, station):
        journals, alarms = self.chain_of(station)
        return len(journals) == 1 and len(set(journals[0])) == 1 and not alarms


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def ok(self, is_good, what, detail=None):
        self.count += 1
        self.failed += not is_good
        print(f"{'ok' if is_good else 'not ok'} {self.count} - {what}", flush=True)
        if not is_good and detail is not None:
            text = (detail if isinstance(detail, str)
                    else json.dumps(detail, ensure_ascii=False, indent=1))
            self.note(text)
            # of a failed program meson shows nothing but what stands here
            print(f"{what}: {text}", file=sys.stderr, flush=True)

    def skip(self, what, why):
        self.count += 1
        print(f"ok {self.count} - {what} # SKIP {why}", flush=True)

    def note(self, text):
        for line in str(text).splitlines():
            print(f"# {line}", flush=True)


def show_logs(tap, folder):
    for log in sorted(pathlib.Path(folder).glob("*.log")):
        tap.note(f"{log.name}:\n{tail(log.read_text(errors='replace'), 25)}")


def run(cases, stations, **options):
    """main() of a test program: `test-….py BUILD`. KEEP_LOGS=1 leaves the folder."""
    os.environ["TZ"] = "Asia/Ho_Chi_Minh"
    time.tzset()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    tap = Tap()
    folder = tempfile.mkdtemp(prefix="loa-fault-")
    town = None
    try:
        town = Town(sys.argv[1], folder, stations, **options)
        begun = time.monotonic()
        town.start()
        tap.note(f"town up in {time.monotonic() - begun:.1f} s, in {folder}")
        for case in cases:
            begun = time.monotonic()
            try:
                case(town, tap)
            except (Failed, subprocess.TimeoutExpired) as failure:
                tap.ok(False, case.__name__, str(failure))
            tap.note(f"{case.__name__}: {time.monotonic() - begun:.1f} s")
        town.stop()
        bad = [f"{d.name}: {d.process.returncode}" for d in town.district.daemons
               if d.is_ours and not d.ended_well]
        tap.ok(not bad, "every daemon ran until it was stopped and ended in order", bad)
        if tap.failed:
            show_logs(tap, folder)
    except Exception:  # pylint: disable=broad-except
        tap.ok(False, "the program ran to its end", traceback.format_exc())
        show_logs(tap, folder)
    finally:
        if town:
            town.stop()
        if not os.environ.get("KEEP_LOGS"):
            shutil.rmtree(folder, ignore_errors=True)
    print(f"1..{tap.count}", flush=True)
    return 1 if tap.failed else 0
