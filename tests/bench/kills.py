"""kills.py - players and gateways killed in the middle of a broadcast, stations side by side.

Every station is a real player, a real gateway and a simulated board, all playing one long
announcement. At a random moment one of them is killed or stopped; when the relays opened is what
the board itself wrote down. A gateway whose board has a timer stays dead until the board has
opened by itself; at the others it is started again at once, as the service manager does, and the
time counts from that start. Then the station is put right and plays on.
"""
import random
import re
import signal
import threading
import time

import rows
import town

N_MOMENTS, N_STATIONS = 200, 20
LONG_S = 900
PIECE_S = 20  # heard once by whoever approves it, and then many times in the villages
LEAD_S = 15
TIMED_ON_S = 3
HOLD_S = 1.5
PATIENCE_S = 60
LOOK_S = 0.02  # the board's own clock decides, not ours
RELAYS = (1, 2, town.AMPLIFIER)
PROFILES = ("coils", "r421a08", "ryn408f")

#  what is done: limit in seconds
LIMITS = {
    "player-killed": 1,
    "player-stopped": 5,
    "gateway-killed-timed": TIMED_ON_S + 1,
    "gateway-killed-restarted": 1,
}


class BoardLog:
    """What a board wrote about its relays since it was last looked at."""

    LINE = re.compile(r"^coil 1 (\d+) (on|off) (\d+)", re.M)

    def __init__(self, path):
        self.file = open(path, "r", encoding="utf-8")
        self.rest, self.changes, self.now = "", [], {}

    def look(self):
        text = self.rest + self.file.read()
        whole, _, self.rest = text.rpartition("\n")
        for relay, word, at_us in self.LINE.findall(whole):
            self.now[int(relay)] = word == "on"
            self.changes.append((int(relay), word == "on", int(at_us)))

    def wait(self, condition, what):
        until = time.monotonic() + PATIENCE_S
        while True:
            self.look()
            if condition():
                return
            if time.monotonic() > until:
                raise RuntimeError(f"waited {PATIENCE_S} s for {what}; last {self.changes[-3:]}")
            time.sleep(LOOK_S)

    def wait_closed(self):
        self.wait(lambda: all(self.now.get(relay) for relay in RELAYS), "closed relays")

    def opened_us(self, since_us):
        """When the last of the relays first opened after that, by the board's clock."""
        first = {}

        def all_opened():
            for relay, is_on, at_us in self.changes:
                if not is_on and at_us >= since_us:
                    first.setdefault(relay, at_us)
            return all(relay in first for relay in RELAYS)

        self.wait(all_opened, "open relays")
        return max(first.values())

    def close(self):
        self.file.close()


def now_us():
    return time.monotonic_ns() // 1000


class Victim(threading.Thread):
    """One station, killed @n_moments times, one after the other."""

    def __init__(self, commune, number, n_moments):
        super().__init__(name=commune.station)
        self.commune, self.number, self.n_moments = commune, number, n_moments
        self.random = random.Random(number)
        self.board = BoardLog(commune.boards["cabinet"].log)
        self.spans = {kind: [] for kind in LIMITS}  # seconds
        self.failure = None
        self.is_given_up = threading.Event()

    def run(self):
        try:
            for moment in range(self.n_moments):
                if self.is_given_up.is_set():
                    return
                self.one_moment((moment + self.number) % 3)
        except Exception as failure:  # pylint: disable=broad-except
            self.failure = f"{self.commune.station}: {failure}"
        finally:
            self.board.close()

    def one_moment(self, which):
        self.board.wait_closed()
        time.sleep(self.random.uniform(0, HOLD_S))
        self.board.wait_closed()
        (self.kill_player, self.stop_player, self.kill_gateway)[which]()

    def note(self, kind, since_us):
        self.spans[kind].append((self.board.opened_us(since_us) - since_us) / 1e6)

    def kill_player(self):
        since_us = now_us()
        self.commune.player.kill()
        self.note("player-killed", since_us)
        self.commune.start_player()

    def stop_player(self):
        player = self.commune.player
        since_us = now_us()
        player.users.signal(player.pid, signal.SIGSTOP)
        self.note("player-stopped", since_us)
        player.kill()  # as its watchdog does in the end
        self.commune.start_player()

    def kill_gateway(self):
        since_us = now_us()
        self.commune.gateway.kill()
        if self.commune.timed_on_s > 0:
            self.note("gateway-killed-timed", since_us)
            self.commune.start_gateway()
        else:
            since_us = now_us()
            self.commune.start_gateway()
            self.note("gateway-killed-restarted", since_us)


def station(number):
    """Every other board has a timer; kinds of boards take turns."""
    zones = [(f"lang-{number}-{relay}", ["vi"], relay) for relay in RELAYS[:2]]
    return town.Station(zones, PROFILES[number // 2 % len(PROFILES)],
                        TIMED_ON_S if number % 2 == 0 else 0)


def kill_all(place, n_moments):
    """Returns: {kind: seconds of each moment}"""
    communes = list(place.communes.values())
    share, more = divmod(n_moments, len(communes))
    # The pairs of a timed and an untimed board begin with the same kind of kill.
    victims = [Victim(commune, number // 2, share + (number < more))
               for number, commune in enumerate(communes)]
    for victim in victims:
        victim.start()
    try:
        for victim in victims:
            victim.join()
    finally:
        for victim in victims:
            victim.is_given_up.set()
    failures = [v.failure for v in victims if v.failure]
    if failures:
        raise RuntimeError("; ".join(failures[:3]))
    return {kind: [span for v in victims for span in v.spans[kind]] for kind in LIMITS}


def measure(build, n_moments=N_MOMENTS, n_stations=N_STATIONS, long_s=LONG_S):
    wanted = {f"xa-{number}": station(number) for number in range(n_stations)}
    with town.Town(build, wanted) as place:
        audio = place.folder / "piece.wav"
        town.write_tone(audio, 400, PIECE_S)
        piece = place.announce("Bản tin dài", vi=audio)
        place.put_on_air([piece] * (long_s // PIECE_S), LEAD_S)
        return kill_all(place, n_moments)


def kills(build):
    return rows.kills(measure(build), LIMITS)


# name, function, time-out in seconds
MEASUREMENTS = [("kills", kills, 360)]
