"""heard.py - an alert from the call in the API to the loudspeakers of a whole district.

A district with 200 simulated players, and three stations beside them whose player and gateway
are the real ones, each with a simulated relay board and a sound card of the tests. It is called
and stopped through the API on one kept connection, as a page has it. The instants are those of
the cards' samples, of the boards' relays, and of the bytes at a simulated player's socket, on
the one clock of this machine.
"""
import contextlib
import hashlib
import http.client
import json
import os
import re
import subprocess
import time

import fleet
import netns
import rows

N_SIMULATED, N_REAL = 200, 3
PATIENCE_S = 60
# How long it sounds before it is stopped, and how long nothing happens before the next one.
SOUND_S, REST_S = 0.6, 0.4
# For a line that was quick a moment ago to know that it is slow.
HEARTBEAT_S, SETTLE_S = 3, 20
LINE = re.compile(r"^coil 1 (\d+) (on|off) (\d+)", re.M)


class Caller(fleet.Api):
    """Whoever calls, near the district, with a page that is open."""

    def __init__(self, district, login):
        self.district, self.kept = district, None
        super().__init__(district, login)

    def call(self, method, path, body=None, key=None):
        """@key: of a call that may be made again and is done once"""
        place = netns.inside(self.district.line.names["near"]) if self.district.line \
            else contextlib.nullcontext()
        with place:
            return self._ask(method, path, body, key)

    def _ask(self, method, path, body, key):
        if self.kept is None:
            self.kept = http.client.HTTPSConnection(
                self.district.address, self.district.people, context=self.context, timeout=30)
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if key:
            headers["Idempotency-Key"] = key
        self.kept.request(method, path, None if body is None else json.dumps(body), headers)
        answer = self.kept.getresponse()
        text = answer.read().decode()
        if not 200 <= answer.status < 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text}")
        return json.loads(text) if text else None

    def hang_up(self):
        """The next word goes over a new connection: one that was idle may have been ended."""
        self.kept.close()


class Station:
    """One of the fleet whose player is the real one."""

    def __init__(self, district, number):
        self.district, self.name = district, f"tram-{number:05}"
        self.folder = district.folder / "players" / self.name
        self.card = self.folder / "card"
        self.socket = self.folder / "lease.sock"
        self.started = []

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self):
        self._run("mkdir", self.card)
        self._popen("board", "tests/support/loa-board-sim", "--tcp", "0", "--board", "1:coils:8")
        port = self._said("board", r"listening tcp (\d+)").group(1)
        self._write("gateway.conf",
                    f"[gateway]\nsocket={self.socket}\nplayer-users={self.district.uid()}\n"
                    f"[line day]\nkind=tcp\naddress=127.0.0.1\nport={port}\n"
                    "[board tu]\nline=day\nunit=1\n"
                    "[zone cum-0]\noutput=loa\nrelays=tu/1\namplifier=tu/8\nwarm-up-ms=0\n"
                    "stagger-ms=0\ntail-ms=300\nrest-s=0\n")
        self._popen("gateway", "gateway/loa-gateway", "--config", self.folder / "gateway.conf")
        self._run(self.district.build / "tests/support/loa-testcard", "make", self.card, "main")
        self._write("player.conf", f"[player]\nstate={self.folder}\n"
                    f"gateway-socket={self.socket}\n[output loa]\ndevice=main\n")
        self._popen("player", "player/loa-player", "--config", self.folder / "player.conf",
                    env={**os.environ, "ALSA_CONFIG_PATH": f"{self.card}/asound.conf"})
        self._said("player", "the gateway answers")
        self._said("player", "the district is reached")

    def _run(self, *words):
        subprocess.run(list(map(str, words)), check=True, capture_output=True,
                       **self.district.as_account)

    def _write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def _popen(self, name, program, *words, env=None):
        with open(self.folder / f"{name}.log", "wb") as log:
            self.started.append(self.district.popen(
                "far", [str(self.district.build / program), *map(str, words)], stdout=log,
                stderr=log, env=env))

    def _log(self, name):
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def _said(self, name, words):
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            found = re.search(words, self._log(name))
            if found:
                return found
            time.sleep(0.02)
        raise RuntimeError(f"{self.name}: {name} did not say '{words}': {self._log(name)[-400:]}")

    def holds(self, audio):
        """Whether it could say that: the file is here whole."""
        name = hashlib.sha256(audio.read_bytes()).hexdigest()
        return any(self.folder.glob(f"**/objects/**/{name}"))

    def relays(self):
        """(is on, monotonic s) of each relay that ever moved, as it is now."""
        return {relay: (word == "on", int(at_us) / 1e6)
                for relay, word, at_us in LINE.findall(self._log("board"))}.values()

    def is_on(self):
        return any(is_on for is_on, _ in self.relays())

    def sounds(self):
        """(from, to) of all that the card played, UTC seconds."""
        done = subprocess.run([self.district.build / "tests/support/loa-testcard", "heard",
                               self.card, "main"], capture_output=True, text=True, check=True)
        heard = [json.loads(line) for line in done.stdout.splitlines()]
        return [(s["from_utc_us"] / 1e6, (s["from_utc_us"] + s["duration_us"]) / 1e6)
                for s in heard]

    def __exit__(self, *_):
        for process in reversed(self.started):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


# ---- one alert -----------------------------------------------------------------------------------

class Called:
    """When one was called and stopped, in UTC and monotonic seconds, before the API answered."""

    def __init__(self, api):
        self.utc, self.at = time.time(), time.monotonic()
        self.id = api.call("POST", "/api/alerts", {"template": fleet.TEMPLATE,
                                                   "areas": [fleet.TOP]})["id"]
        self.stop_utc = self.stop_at = self.open_at = None

    def stop(self, api):
        self.stop_utc, self.stop_at = time.time(), time.monotonic()
        api.call("POST", f"/api/alerts/{self.id}/stop")


def wait_until(is_there, what, seconds=PATIENCE_S):
    until = time.monotonic() + seconds
    while not is_there():
        if time.monotonic() > until:
            raise RuntimeError(f"{what}: not within {seconds} s")
        time.sleep(0.01)


def one_call(api, stations):
    """Heard for a moment everywhere, then silence and open relays everywhere."""
    called = Called(api)
    wait_until(lambda: all(s.is_on() for s in stations), "every relay on")
    time.sleep(SOUND_S)
    called.stop(api)
    wait_until(lambda: not any(s.is_on() for s in stations), "every relay open")
    called.open_at = [max(at for _, at in s.relays()) for s in stations]
    time.sleep(REST_S)
    return called


def judge(calls, stations, players):
    """Seconds: {first, taken: after the call; silent, opened, told: after the stop}."""
    found = {"first": [], "silent": [], "opened": [], "taken": [], "told": []}
    sounds = [s.sounds() for s in stations]
    for one, after in zip(calls, [c.utc for c in calls[1:]] + [float("inf")]):
        for heard in sounds:
            mine = [(a, b) for a, b in heard if one.utc <= a < after]
            if not mine:
                raise RuntimeError(f"nothing was heard of {one.id}")
            found["first"].append(mine[0][0] - one.utc)
            found["silent"].append(max(0, mine[-1][1] - one.stop_utc))
        found["opened"] += [at - one.stop_at for at in one.open_at]
        found["taken"] += [at - one.at for at in players.orders["alert", one.id].values()]
        found["told"] += [at - one.stop_at for at in players.orders["stop", one.id].values()]
    return found


def measure_calls(api, stations, players, n_calls):
    calls = [one_call(api, stations) for _ in range(n_calls)]
    for one in calls:
        players.wait_order("alert", one.id, PATIENCE_S)
        players.wait_order("stop", one.id, PATIENCE_S)
    return judge(calls, stations, players)


@contextlib.contextmanager
def ready(build, line=None, n_simulated=N_SIMULATED, n_real=N_REAL, quiet_s=4):
    """(the caller, the real stations, the simulated players): all hold what they say, and
    nothing new has come for @quiet_s."""
    audio = build / "tests/support/tones.opus"
    address = netns.NEAR_ADDRESS if line else "127.0.0.1"
    first = netns.FAR_STATIONS if line else fleet.FIRST_ADDRESS
    with contextlib.ExitStack() as stack:
        district = stack.enter_context(fleet.District(
            build, address, line, stations=n_simulated + n_real, zones=1, slots=0, items=1,
            waiting=0, phrase=audio.resolve()))
        players = stack.enter_context(fleet.Players(
            district, n_simulated, f"--from={first}", f"--heartbeat={HEARTBEAT_S}"))
        stations = [stack.enter_context(Station(district, n_simulated + n))
                    for n in range(n_real)]
        players.settle(120, quiet_s)
        wait_until(lambda: all(s.holds(audio) for s in stations), "the audio at the stations")
        yield Caller(district, "approver"), stations, players


# ---- the measurements ----------------------------------------------------------------------------

N_CALLS, N_SLOW, N_NARROW = 25, 6, 3


def near(build, n_calls=N_CALLS, **shape):
    with ready(build, **shape) as (api, stations, players):
        measure_calls(api, stations, players, 1)  # not counted: pages and caches are cold
        return rows.heard(measure_calls(api, stations, players, n_calls))


def far(build):
    """Packets are really lost and late between two network namespaces; TCP does what it does."""
    reason = netns.why_not()
    if reason:
        raise rows.Skipped(reason)
    with netns.Line(build) as line:
        line.say("each=1")
        with ready(build, line) as (api, stations, players):
            found = []
            for words, n_calls in (("delay=300 loss=5", N_SLOW), ("loss=0 rate=64", N_NARROW)):
                line.say(words)
                api.hang_up()
                time.sleep(SETTLE_S)
                found.append(measure_calls(api, stations, players, n_calls))
            return rows.heard_far(*found)


# name, function, time-out in seconds
MEASUREMENTS = [("heard", near, 180), ("heard-far", far, 300)]
