#!/usr/bin/python3
"""test-bad-input.py BUILD: what nobody should send, sent to the real API and through loactl.

Each is refused in words that say what is wrong and where, and nothing of the machine's inside;
database and folders are afterwards what they were before; and no process grew.
"""
import contextlib
import json
import os
import pathlib
import re
import sys
import threading
import time

import hostile
import rig
from api import Api
from processes import children_of
from rig import AREA, wait_until

HUGE_BYTES = 512 * 1024 * 1024 + 1
SILENCE_S = 10 * 3600
SILENCE_MOST_S = 60
# What an answer may add to the scheduler's highest mark, and what a reader of recordings needs.
SCHEDULER_MOST_KB, INGEST_MOST_KB = 16 * 1024, 128 * 1024
SANITIZED_TIMES = 24
INTERNALS = re.compile(r"/tmp|/usr|/home|\.c:\d|SQL|\bgst|GStreamer|0x[0-9a-f]{6}|NULL|errno", re.I)
# A session notes when it was last used: calling at all does that. The scheduler's own jobs lock.
OUTSIDE = ("INSERT INTO sessions ", "INSERT INTO locks ", "INSERT INTO sqlite_")


def state_of(town):
    """Every row of the database and every file beside it, but what merely calling changes."""
    scheduler, state = "scheduler", town.district.state
    dump = town.district._as(scheduler, "sqlite3", "-readonly", state / "district.db", ".dump")
    files = town.district._as(scheduler, "find", state, "-type", "f", "-not", "-name",
                              "district.db*", "-printf", "%P %s\n")
    return (sorted(line for line in dump.splitlines() if not line.startswith(OUTSIDE)),
            sorted(files.splitlines()))


def high_kb(pid):
    """The most memory that a process ever had; 0: it is gone."""
    with contextlib.suppress(OSError):
        for line in pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1])
    return 0


class Watch:
    """Highest marks while something is done: the scheduler's, and any loa-ingest's below it."""

    def __init__(self, town):
        self.pid = town.district.scheduler.pid
        self.before_kb, self.ingest_kb = high_kb(self.pid), 0
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self._look, daemon=True)

    def _look(self):
        while not self.is_over.wait(0.02):
            for child in children_of(self.pid, "loa-ingest"):
                self.ingest_kb = max(self.ingest_kb, high_kb(child))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self.thread.join()
        self.grown_kb = high_kb(self.pid) - self.before_kb


def times_of(town):
    """A sanitizer keeps 256 MB of freed memory, and shadows of all."""
    has_asan = b"__asan_init" in town.district.programs.scheduler.read_bytes()
    return SANITIZED_TIMES if has_asan else 1


class Trial:
    """Sends what is wrong; compares the district before and after."""

    def __init__(self, town, tap):
        self.town, self.tap = town, tap
        self.api = {"editor": Api(town.editor), "admin": Api(town.district.admin)}
        self.before = state_of(town)

    def untouched(self, what):
        last = []

        def is_same():
            last[:] = [[set(now) ^ set(then) for now, then in
                        zip(state_of(self.town), self.before)]]
            return not any(last[0])
        try:
            wait_until(is_same, 10, what)
        except rig.Failed:
            pass
        self.tap.ok(not any(last[0]), f"{what}: nothing is done, nothing left behind",
                    [sorted(map(str, part))[:9] for part in last[0]])

    def words(self, what, text, wanted):
        missing = [word for word in wanted if word not in text]
        self.tap.ok(not missing and not INTERNALS.search(text) and len(text) < 4096,
                    f"{what}: says {' … '.join(wanted)}", text[:1000])

    def refused(self, what, ask, status, *wanted):
        got, text = ask()
        self.tap.ok(got == status, f"{what}: {status}", [got, text[:1000]])
        with contextlib.suppress(ValueError):
            problem = json.loads(text)
            text = f"{problem.get('member', '')}: {problem.get('detail', problem.get('code'))}"
        self.words(what, text, wanted)

    def refused_by_ctl(self, what, person, argv, *wanted):
        done = person.run(*argv)
        self.tap.ok(done.returncode not in (0, 134, 139), f"{what}: loactl fails",
                    [done.returncode, done.stdout[:300]])
        said = done.stderr
        for argument in argv:  # what a person typed is theirs to read again
            said = said.replace(str(argument), "…")
        self.words(f"{what}, through loactl", said, wanted)


# --- recordings ---


def draft(town):
    """A version that has no recording yet."""
    made = town.editor.loactl(
        "announcement", "add", "Không có tiếng", "--home", AREA, "--source-number", "2/TB",
        "--source-issuer", "Vùng thử", "--source-date", time.strftime("%Y-%m-%d"),
        "--valid-until", "2199-01-01")
    return Api(town.editor).call("POST", f"/api/announcements/{made['id']}/versions",
                                 {"language": "vi"})["id"]


def make_files(folder):
    stair = folder / "stair.wav"
    files = {name: folder / name for name in
             ("text.wav", "empty.wav", "noise.wav", "cut.wav", "cut.flac", "silence.flac")}
    files["text.wav"].write_text("Thông báo: họp thôn.\n", encoding="utf-8")
    files["empty.wav"].touch()
    hostile.write_noise(files["noise.wav"])
    hostile.cut(stair, files["cut.wav"])
    hostile.write_flac(stair, folder / "stair.flac")
    hostile.cut(folder / "stair.flac", files["cut.flac"])
    hostile.write_silence(files["silence.flac"], SILENCE_S)
    return files


def recordings(town, tap):
    files = make_files(town.folder)
    version = draft(town)
    trial = Trial(town, tap)
    with Watch(town) as watch:
        for name, wanted in (("text.wav", "not audio"), ("empty.wav", "not audio"),
                             ("noise.wav", "not audio"), ("cut.wav", "cut off"),
                             ("cut.flac", "cut off"), ("silence.flac", "longer than 30 minutes")):
            data = files[name].read_bytes()
            begun = time.monotonic()
            trial.refused(name, lambda d=data: trial.api["editor"].ask(
                "PUT", f"/api/versions/{version}/audio?no_state_secret=true&name={name}", d,
                "application/octet-stream"), 422, wanted)
            took_s = time.monotonic() - begun
            tap.ok(took_s < SILENCE_MOST_S, f"{name}: refused after {took_s:.1f} s")
            # loactl sees before it sends what can be seen there
            trial.refused_by_ctl(name, town.editor, ("version", "record", version, files[name],
                                                "--no-state-secret"),
                                 "there is nothing in it" if not data else wanted)
    trial.untouched("files that are no recording")
    times = times_of(town)
    tap.ok(watch.grown_kb <= times * SCHEDULER_MOST_KB,
           f"the scheduler grew by {watch.grown_kb} kB")
    tap.ok(0 < watch.ingest_kb <= times * INGEST_MOST_KB,
           f"loa-ingest never held more than {watch.ingest_kb} kB")


def pieces(n_bytes):
    piece = bytes(1 << 20)
    for _ in range(n_bytes >> 20):
        yield piece
    yield piece[:n_bytes & (1 << 20) - 1]


def huge(town, tap):
    """Told beforehand it is refused before it comes; in chunks, at the byte that is too many."""
    version, path = draft(town), town.folder / "huge.wav"
    with open(path, "wb") as out:
        out.truncate(HUGE_BYTES)
    trial = Trial(town, tap)

    def send_chunks():
        try:
            return trial.api["editor"].ask("PUT", f"/api/versions/{version}/audio?no_state_secret=true",
                                           pieces(HUGE_BYTES), "application/octet-stream")
        except OSError as error:  # refused and closed while the rest was still on its way
            return 413, f"too large: {error}"
    with Watch(town) as watch:
        trial.refused_by_ctl("512 MiB and a byte", town.editor, ("version", "record", version,
                                                                 path, "--no-state-secret"), "larger than 512 MiB")
        trial.refused("512 MiB and a byte in chunks", send_chunks, 413, "too large")
    trial.untouched("512 MiB and a byte")
    times = times_of(town)
    tap.ok(watch.grown_kb <= times * SCHEDULER_MOST_KB,
           f"the scheduler grew by {watch.grown_kb} kB")


# --- names, JSON, rules, tables ---


def names(town, tap):
    version = draft(town)
    trial = Trial(town, tap)
    ask = trial.api["editor"].ask
    sound = b"not audio at all"
    base = f"/api/versions/{version}/audio?no_state_secret=true&name="
    for what, path, status, wanted in (
            ("a NUL in a name", base + "a%00b.wav", 400, "malformed"),
            ("broken UTF-8 in a name", base + "a%ff.wav", 400, "malformed"),
            ("a name of 10,000 characters", base + "a" * 10000, 400, "malformed"),
            ("a broken escape", base + "a%zz", 400, "malformed"),
            ("a way out of the path", "/api/versions/..%2F..%2Fetc/audio", 404, ""),
            ("dots as an id", "/api/versions/../audio", 400, "malformed"),
            ("a NUL in an id", "/api/versions/a%00/audio", 400, "malformed"),
            ("../ as a name, of what is no recording", base + "..%2F..%2F..%2Fetc%2Fpasswd", 422,
             "not audio")):
        trial.refused(what, lambda p=path: ask("PUT", p, sound, "application/octet-stream"),
                      status, wanted)
    trial.untouched("names that lead elsewhere")
    # A name is kept as a word and leads nowhere: the upload itself is good.
    before = state_of(town)[1]
    status, text = ask("PUT", base + "..%2F..%2F..%2F..%2Ftmp%2Floa-escaped.wav",
                       (town.folder / "stair.wav").read_bytes(), "application/octet-stream")
    new = set(state_of(town)[1]) - set(before)
    tap.ok(status == 200 and not os.path.exists("/tmp/loa-escaped.wav") and
           all(re.match(r"objects/[0-9a-f/]+ ", name) for name in new),
           "../ as a name of a recording: kept under its hash alone", [status, text, list(new)])


def jsons(town, tap):
    good = {"name": "Chương trình", "home": AREA, "items": [
        {"kind": "announcement", "announcement": town.announcement}]}
    trial = Trial(town, tap)
    ask = trial.api["editor"].ask
    text = json.dumps(good)
    long_name = dict(good, name="ă" * 10000)
    cases = (
        ("no JSON", b"{name", 400, ("no JSON object",)),
        ("nothing", b"", 400, ("no JSON object", "empty")),
        ("a list", b"[]", 400, ("no JSON object",)),
        ("10,000 levels", b"[" * 10000 + b"]" * 10000, 400, ("nested too deeply",)),
        ("10,000 levels inside a member", b'{"name":' + b"[" * 10000, 400,
         ("nested too deeply",)),
        ("a key twice", text[:-1].encode() + b',"name":"b"}', 400, ("duplicate",)),
        ("broken UTF-8", b'{"name":"\xff\xfe"}', 400, ("UTF-8",)),
        ("a lone surrogate", b'{"name":"\\ud800"}', 400, ("no JSON object",)),
        ("a NUL in a text", b'{"name":"a\\u0000b"}', 400, ("no JSON object",)),
        ("an unknown key", json.dumps(dict(good, colour="red")).encode(), 400,
         ("colour", "not known")),
        ("an unknown key of 10,000 characters",
         json.dumps(dict(good, **{"x" * 10000: 1})).encode(), 400, ("xxx", "not known")),
        ("a wrong type", json.dumps(dict(good, name=7)).encode(), 400, ("name:",)),
        ("a wrong type further in", json.dumps(dict(good, items=[{"kind": 3}])).encode(), 400,
         ("items[0].kind:",)),
        ("a missing key", json.dumps({"home": AREA, "items": []}).encode(), 400,
         ("name:", "is missing")),
        ("a text too long", json.dumps(long_name).encode(), 400, ("name:", "200")),
        ("an area nobody has", json.dumps(dict(good, home="../../etc")).encode(), 400, ("home:",)),
        ("257 kB", b'{"name":"' + b"a" * 257 * 1024 + b'"}', 413, ("too large",)),
        ("a number beyond all", b'{"name":' + b"9" * 400 + b"}", 400, ("no JSON object",)),
        ("no announcement", json.dumps(dict(good, items=[
            {"kind": "announcement", "announcement": "khong-co"}])).encode(), 404,
         ("items[0]", "does not exist")),
    )
    for what, body, status, wanted in cases:
        trial.refused(what, lambda b=body: ask("POST", "/api/playlists", b), status, *wanted)
    for media in ("text/plain", "application/x-www-form-urlencoded", None):
        trial.refused(f"JSON as {media}", lambda m=media: ask("POST", "/api/playlists",
                                                              text.encode(), m), 415,
                      "application/json")
    trial.untouched("JSON that is wrong")


HOSTILE_RULES = (
    ("never returns in libical", "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", ("FREQ",)),
    ("every minute", "FREQ=MINUTELY", ("FREQ",)),
    ("no frequency", "BYDAY=MO", ("FREQ",)),
    ("interval 0", "FREQ=DAILY;INTERVAL=0", ("INTERVAL",)),
    ("interval beyond all", "FREQ=DAILY;INTERVAL=99999999999999999999", ("INTERVAL",)),
    ("COUNT with UNTIL", "FREQ=DAILY;COUNT=3;UNTIL=20300101", ("COUNT",)),
    ("a part twice", "FREQ=DAILY;FREQ=DAILY", ("FREQ",)),
    ("an unknown part", "FREQ=DAILY;BYHOUR=1", ("BYHOUR",)),
    ("another line", "FREQ=DAILY\r\nDTSTART:19700101", ("FREQ",)),
    ("201 characters", "FREQ=DAILY;BYMONTHDAY=" + "1," * 89 + "1", ("rule",)),
    ("no weekday", "FREQ=WEEKLY;BYDAY=XX", ("BYDAY",)),
    ("no day of any month", "FREQ=MONTHLY;BYMONTHDAY=99", ("BYMONTHDAY",)),
)


def rules(town, tap):
    trial = Trial(town, tap)
    for why, rule, wanted in HOSTILE_RULES:
        body = json.dumps({
            "name": why, "home": AREA, "playlist": town.playlist, "class": "thong_thuong",
            "first_date": "2030-01-01", "local_min": 300, "rule": rule,
            "targets": [{"area": AREA}]}).encode()
        trial.refused(f"rule, {why}", lambda b=body: trial.api["editor"].ask(
            "POST", "/api/slots", b), 400 if wanted[0] == "rule" else 422, *wanted)
        trial.refused_by_ctl(f"rule, {why}", town.editor, (
            "slot", "add", why, "--home", AREA, "--playlist", town.playlist, "--date",
            "2030-01-01", "--at", "05:00", "--to", AREA, "--rule", rule), *wanted)
    trial.untouched("hostile rules")


HEAD = b"id,parent,kind,name\n"
FIRST = b"xa-moi," + AREA.encode() + b",commune,Xa moi\n"
TABLES = (
    ("an empty table", b"", ("line 1", "column id")),
    ("no table at all", b"\x00\x01\x02\xff", ("line 1",)),
    ("an unknown column", b"id,kind,name,colour\n", ("line 1", "column colour")),
    ("a column twice", b"id,kind,name,id\n", ("line 1", "column id", "twice")),
    ("no column of names", b"id,kind\n", ("line 1", "column name", "missing")),
    ("a bad row after a good one", HEAD + FIRST + b"Xa Hai,xa-moi,village,b\n",
     ("line 3", "column id", "Xa Hai")),
    ("no such kind", HEAD + FIRST + b"xa-hai,xa-moi,planet,b\n", ("line 3", "column kind")),
    ("no such parent", HEAD + FIRST + b"xa-hai,khong-co,village,b\n", ("line 3", "column parent")),
    ("its own parent", HEAD + FIRST + b"xa-hai,xa-hai,village,b\n", ("line 3", "column parent")),
    ("a field too many", HEAD + FIRST + b"xa-hai,xa-moi,village,b,c\n", ("line 3",)),
    ("broken UTF-8", HEAD + FIRST + b"xa-hai,xa-moi,village,\xff\xfe\n", ("line 3", "not UTF-8")),
    ("an open quotation mark", HEAD + FIRST + b'xa-hai,xa-moi,village,"b\n',
     ("line 3", "not closed")),
    ("a field of 100,000 bytes", HEAD + FIRST + b"xa-hai,xa-moi,village," + b"b" * 100000,
     ("line 3", "too long")),
    ("an id twice", HEAD + FIRST + b"xa-hai,xa-moi,village,b\nxa-moi,xa-hai,commune,Xa moi\n",
     ("line 4", "column id", "twice")),
    ("a ring", HEAD + FIRST + AREA.encode() + b",xa-moi,commune,Khu vuc\n",
     ("line 3", "column parent")),
    ("an official code twice", b"id,parent,kind,name,code\nxa-moi," + AREA.encode() +
     b",commune,a,77\nxa-hai," + AREA.encode() + b",commune,b,77\n", ("line 3", "column code")),
    ("a date that is none", b"id,parent,kind,name,valid_from\nxa-moi," + AREA.encode() +
     b",commune,a,2026-02-30\n", ("line 2", "column valid_from")),
    ("an end before the beginning", b"id,parent,kind,name,valid_from,valid_to\nxa-moi," +
     AREA.encode() + b",commune,a,2026-02-03,2026-02-01\n", ("line 2", "column valid_to")),
)


def tables(town, tap):
    trial = Trial(town, tap)
    for why, table, wanted in TABLES:
        trial.refused(f"table, {why}", lambda t=table: trial.api["admin"].ask(
            "POST", "/api/areas/import", t, "text/csv"), 422, *wanted)
        path = town.folder / "table.csv"
        path.write_bytes(table)
        trial.refused_by_ctl(f"table, {why}", town.district.admin, ("area", "import", path),
                             *wanted)
    trial.untouched("tables that are wrong")


if __name__ == "__main__":
    sys.exit(rig.run([recordings, huge, names, jsons, rules, tables], {}))
