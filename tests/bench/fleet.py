"""fleet.py - the real scheduler and broker with hundreds or thousands of simulated players.

A district made for the measurement, in a folder of its own: init, fill, run; players connect;
the approver clicks through the real API; what players tell is read line by line. Everything
that was started is ended by pid, whatever happens.
"""
import contextlib
import json
import os
import pathlib
import pwd
import queue
import shutil
import signal
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "demo"))
import netns
import rows
from district import Phone
from processes import free_port

PASSWORD = "bench-" + os.urandom(12).hex()
FIRST_ADDRESS = "127.78.0.1"
# The scheduler and its broker never run as root.
ACCOUNT = "nobody"
CLOCK_OF_PROCESS = 2  # CPUCLOCK_SCHED of the kernel's dynamic clock ids


def cpu_seconds(pid):
    """CPU time of a whole process, as clock_getcpuclockid(3) has it."""
    return time.clock_gettime((~pid << 3) | CLOCK_OF_PROCESS)


def child_named(parent, name):
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            text = stat.read_text(encoding="utf-8", errors="replace")
            words = text.rpartition(")")[2].split()
            if f"({name})" in text and int(words[1]) == parent:
                return int(stat.parent.name)
    raise RuntimeError(f"the scheduler has no child {name}")


class District:
    """A scheduler with its own broker, filled, serving at one address."""

    def __init__(self, build, address, line=None, **shape):
        self.build, self.address, self.line, self.shape = build, address, line, shape
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="loa-bench-"))
        self.process = None
        probe = "127.0.0.1" if line else address
        self.people, self.stations, self.broker = (free_port(probe) for _ in range(3))
        self.as_account = {"user": ACCOUNT, "group": "nogroup", "extra_groups": []} \
            if os.geteuid() == 0 else {}

    def __enter__(self):
        try:
            self._make()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _run(self, program, *arguments):
        done = subprocess.run([self.build / program, *arguments], capture_output=True, text=True,
                              check=False, **self.as_account)
        if done.returncode != 0:
            raise RuntimeError(f"{program}: {done.stderr.strip()[-400:]}")

    def _make(self):
        if not (self.build / "scheduler/loa-scheduler").exists():
            raise RuntimeError("loa-scheduler is not built")
        config = self.folder / "scheduler.conf"
        secret = self.folder / "secret"
        config.write_text(
            f"[state]\nfolder={self.folder}/state\n"
            f"[people]\naddress={self.address}\nport={self.people}\nhosts={self.address}\n"
            f"max-connections=4000\nmax-per-address=200\n"
            f"[stations]\naddress={self.address}\nport={self.stations}\nhosts={self.address}\n"
            f"[broker]\naddress={self.address}\nport={self.broker}\n", encoding="utf-8")
        secret.write_text(PASSWORD + "\n", encoding="utf-8")
        for path in (self.folder, config, secret):
            if os.geteuid() == 0:
                shutil.chown(path, ACCOUNT, "nogroup")
        self._run("scheduler/loa-scheduler", "init", "--config", config, "--area", "huyen",
                  "--name", "Huyện", "--login", "admin", "--password-file", secret,
                  "--passphrase-file", secret, "--root-key", self.folder / "root.sealed")
        self._run("tests/bench/bench-district", "--state", self.folder / "state",
                  "--players", self.folder / "players", "--password", PASSWORD,
                  "--device", f"https://{self.address}:{self.stations}",
                  "--broker", f"mqtts://{self.address}:{self.broker}",
                  *(f"--{name}={value}" for name, value in self.shape.items()))

    def start(self):
        command = [str(self.build / "scheduler/loa-scheduler"), "run", "--config",
                   str(self.folder / "scheduler.conf")]
        with open(self.folder / "scheduler.log", "wb") as log:
            self.process = self.popen("near", command, stdout=log, stderr=log)
        self._wait_ready()

    def popen(self, end, command, **options):
        """A daemon, never as root; @end: of the line, where there is one."""
        if self.line is None:
            return subprocess.Popen(command, **options, **self.as_account)
        switch = ["setpriv", f"--reuid={ACCOUNT}", "--regid=nogroup", "--clear-groups"]
        return self.line.popen(end, switch + command, **options)

    def uid(self):
        return pwd.getpwnam(ACCOUNT).pw_uid if self.as_account else os.geteuid()

    def _wait_ready(self):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            if "serving people" in self.log():
                return
            time.sleep(0.05)
        raise RuntimeError(f"the scheduler did not start: {self.log()[-400:]}")

    def log(self):
        return (self.folder / "scheduler.log").read_text(encoding="utf-8", errors="replace")

    def heartbeats_since(self, at_us):
        """How many stations' newest heartbeat came after that."""
        path = f"file:{self.folder}/state/district.db?mode=ro"
        with contextlib.closing(sqlite3.connect(path, uri=True)) as store:
            return store.execute("SELECT count(*) FROM heartbeats WHERE received_us > ?",
                                 (at_us,)).fetchone()[0]

    def scheduler_pid(self):
        """`ip netns exec` and setpriv become the program itself."""
        return self.process.pid

    def broker_pid(self):
        return child_named(self.process.pid, "mosquitto")

    def __exit__(self, *_):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Api:
    """The district's HTTP API as one account; inside a namespace by a program of its own."""

    def __init__(self, district, login):
        self.base = f"https://{district.address}:{district.people}"
        authority = district.folder / "state/authority/ca.pem"
        self.context = ssl.create_default_context(cafile=str(authority))
        self.token = None
        signed_in = self.call("POST", "/api/session", {"login": login, "password": PASSWORD})
        self.token = signed_in["token"]
        if signed_in["sets_up"]:
            self.set_up()

    def set_up(self):
        """The second factor that the role needs, as its phone reckons it."""
        phone = Phone(self.call("POST", "/api/session/factor", {"password": PASSWORD}))
        self.call("POST", "/api/session/factor/confirm", {"code": phone.code(time.time())})

    def call(self, method, path, body=None):
        request = urllib.request.Request(self.base + path, method=method)
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, data, timeout=30, context=self.context) as answer:
            text = answer.read()
        return json.loads(text) if text else None


class Players:
    """loa-sim-players, and what it tells."""

    def __init__(self, district, count, *arguments):
        command = [str(district.build / "tests/bench/loa-sim-players"), "--folder",
                   str(district.folder / "players"), f"--count={count}", *arguments]
        self.count = count
        if district.line:
            self.process = district.line.popen("far", command, stdin=subprocess.PIPE,
                                               stdout=subprocess.PIPE, text=True)
        else:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, text=True)
        self.told = queue.SimpleQueue()
        self.versions = {}  # station -> newest version applied, and when (monotonic s)
        self.orders = {}  # ("alert" or "stop", id of the alert) -> {station: when it came}
        self.troubles = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.told.put(json.loads(line))

    def __enter__(self):
        return self

    def _take(self, wait_s):
        try:
            event = self.told.get(timeout=wait_s)
        except queue.Empty:
            return None
        if event["event"] == "applied":
            self.versions[event["station"]] = (event["version"], event["at_us"] / 1e6)
        elif event["event"] in ("alert", "stop"):
            arrived = self.orders.setdefault((event["event"], event["detail"]), {})
            arrived[event["station"]] = event["at_us"] / 1e6
        elif event["event"] in ("refused", "trouble"):
            self.troubles.append(event)
        return event

    def take_all(self):
        """Whatever was told up to now."""
        while self._take(0) is not None:
            pass

    def counts(self):
        self.process.stdin.write("counts\n")
        self.process.stdin.flush()
        while True:
            event = self._take(30)
            if event is None:
                raise RuntimeError("loa-sim-players is silent")
            if event["event"] == "counts":
                return event

    def wait(self, what, limit_s, condition):
        until = time.monotonic() + limit_s
        while not condition():
            if time.monotonic() > until:
                last = self.troubles[-1:]
                raise RuntimeError(f"{what}: not within {limit_s} s; {last}")
            self._take(0.2)

    def wait_order(self, kind, alert, limit_s):
        """All have an alert, or the stop of it, and have verified it."""
        self.wait(f"{kind} of {alert} at all players", limit_s,
                  lambda: len(self.orders.get((kind, alert), ())) == self.count)
        return self.orders[kind, alert]

    def settle(self, limit_s, quiet_s=4):
        """All have applied something, and nothing new comes for a while."""
        self.wait("first plans", limit_s, lambda: len(self.versions) == self.count)
        until = time.monotonic() + limit_s
        last = time.monotonic()
        while time.monotonic() - last < quiet_s:
            event = self._take(0.2)
            if event is not None and event["event"] in ("accepted", "applied"):
                last = time.monotonic()
            if time.monotonic() > until:
                raise RuntimeError("manifests keep coming")

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


# ---- approve → applied -------------------------------------------------------------------------

N_PLAYERS = 200
N_CLICKS = 3


def approve(api, slot):
    """The approver's click; returns when it was made (monotonic s)."""
    content = api.call("GET", f"/api/slots/{slot}")["content"]
    began = time.monotonic()
    api.call("POST", f"/api/slots/{slot}/approve", {"content": content})
    return began


def click(api, players, slot, limit_s):
    """One click; seconds until each player had applied what it changed."""
    before = {station: version for station, (version, _) in players.versions.items()}
    began = approve(api, slot)
    players.wait(slot, limit_s, lambda: all(
        version > before[station] for station, (version, _) in players.versions.items()))
    return [at - began for _, at in players.versions.values()]


def measure_clicks(district, api, from_address, limit_s):
    seconds = []
    with Players(district, N_PLAYERS, "--no-audio", f"--from={from_address}") as players:
        players.settle(120 + limit_s)
        for number in range(N_CLICKS + 1):
            slot = f"khung-{district.shape['slots'] + number}"
            new = click(api, players, slot, 60 + limit_s)
            # The first click is not counted: it also lays all days out anew, by the switch
            # times that the stations have said meanwhile.
            seconds += new if number > 0 else []
            players.settle(60 + limit_s)
    return seconds


def shape(stations):
    return {"stations": stations, "zones": 3, "slots": 4, "items": 5, "waiting": N_CLICKS + 1}


def push(build):
    """On loopback, 60 segments a day on every station."""
    with District(build, "127.0.0.1", **shape(N_PLAYERS)) as district:
        seconds = measure_clicks(district, Api(district, "approver"), FIRST_ADDRESS, 60)
    return [rows.row("push-loopback", f"approve → applied by {N_PLAYERS} simulated players, "
                     "loopback, after the first click: p99", 2, "s", round(rows.percentile(seconds, 0.99), 2),
                     len(seconds))]


def push_slow(build):
    """Every player behind a line of its own: 64 kbit/s, 600 ms there and back."""
    reason = netns.why_not()
    if reason:
        raise rows.Skipped(reason)
    with netns.Line(build) as line, \
            District(build, netns.NEAR_ADDRESS, line, **shape(N_PLAYERS)) as district:
        line.say("each=1")
        api = NearApi(district, "approver")
        line.say("delay=300 rate=64")
        seconds = measure_clicks(district, api, netns.FAR_FIRST, 120)
    return [rows.row("push-slow", f"approve → applied by {N_PLAYERS} simulated players, 64 kbit/s "
                     "and 600 ms round trip: p99", 15, "s",
                     round(rows.percentile(seconds, 0.99), 1),
                     len(seconds))]


class NearApi(Api):
    """The API as seen on the district's own side of the line."""

    def __init__(self, district, login):
        self.namespace = district.line.names["near"]
        super().__init__(district, login)

    def call(self, method, path, body=None):
        with netns.inside(self.namespace):
            return super().call(method, path, body)


# ---- heartbeats --------------------------------------------------------------------------------

N_FLEET = 10000
HEARTBEAT_S = 15
WINDOW_S = 60
N_ALERTS = 3
# As bench-district makes them.
TEMPLATE, TOP = "bao-nham", "huyen"


def heartbeats(build):
    audio = build.resolve() / "tests/support/tones.opus"
    with District(build, "127.0.0.1", stations=N_FLEET, zones=1, slots=1, items=1, waiting=0,
                  phrase=audio) as district, \
            Players(district, N_FLEET, "--no-audio", "--no-templates", "--quiet",
                    f"--from={FIRST_ADDRESS}", f"--heartbeat={HEARTBEAT_S}",
                    "--rate=400") as players:
        return watch_heartbeats(district, players) + call_all(district, players)


def call_all(district, players):
    """Alerts for all of them, one after the other; each comes to the last one when it does."""
    api = Api(district, "approver")
    came, stopped = [], []
    for _ in range(N_ALERTS):
        began = time.monotonic()
        alert = api.call("POST", "/api/alerts", {"template": TEMPLATE, "areas": [TOP]})["id"]
        came.append(max(players.wait_order("alert", alert, 60).values()) - began)
        began = time.monotonic()
        api.call("POST", f"/api/alerts/{alert}/stop")
        stopped.append(max(players.wait_order("stop", alert, 60).values()) - began)
    return rows.all_players(players.count, came, stopped)


def watch_heartbeats(district, players):
    until = time.monotonic() + 420
    last = None
    while True:  # until all hold their plan and nothing moves any more
        counts = players.counts()
        now = (counts["connected"], counts["applied"], counts["accepted"])
        if counts["connected"] == players.count and counts["applied"] >= players.count \
                and now == last:
            break
        if time.monotonic() > until:
            raise RuntimeError(f"the fleet did not settle: {counts}")
        last = now
        time.sleep(5)
    pids = {"scheduler": district.scheduler_pid(), "broker": district.broker_pid()}
    began_us = time.time_ns() // 1000
    before = {name: cpu_seconds(pid) for name, pid in pids.items()}
    began = time.monotonic()
    time.sleep(WINDOW_S)
    span = time.monotonic() - began
    share = {name: round(100 * (cpu_seconds(pid) - before[name]) / span, 1)
             for name, pid in pids.items()}
    after = players.counts()
    kept = district.heartbeats_since(began_us)
    if after["connected"] != players.count or kept != players.count:
        raise RuntimeError(f"heartbeats of {kept} stations are in the store: {after}")
    what = f"heartbeats of {players.count} players at {HEARTBEAT_S} s"
    sent = int(players.count * span / HEARTBEAT_S)
    return [rows.row("heartbeats-scheduler", f"{what}: scheduler, of a core", 5, "%",
                     share["scheduler"], sent),
            rows.row("heartbeats-broker", f"{what}: broker, of a core", 8, "%",
                     share["broker"], sent)]


# name, function, time-out in seconds
MEASUREMENTS = [
    ("push", push, 240),
    ("push-slow", push_slow, 400),
    ("heartbeats", heartbeats, 600),
]
