"""district.py - a district and its communes on this machine, made of the real daemons.

Used by `./dev demo` and by the tests that need a whole district. Everything is made the way
people make it: loa-scheduler init, loactl with accounts of its own, loa-player enrol. What
stands in for the world are the relay boards (loa-board-sim) and the sound cards (loa-testcard).
"""
import base64
import concurrent.futures
import hashlib
import hmac
import json
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import tempfile
import time

from processes import Daemon, Failed, Users, children_of, free_port, wait_until

BOARD_START = "listening tcp "
BAUD = 9600


class Programs:
    """Where the programs are: a build folder of this repository."""

    def __init__(self, build):
        build = pathlib.Path(build).resolve()
        self.build = build
        self.scheduler = build / "scheduler/loa-scheduler"
        self.loactl = build / "scheduler/ctl/loactl"
        self.player = build / "player/loa-player"
        self.gateway = build / "gateway/loa-gateway"
        self.ingest = build / "content/ingest/loa-ingest"
        self.board = build / "tests/support/loa-board-sim"
        self.wire = build / "tests/support/loa-serial-line"
        self.card = build / "tests/support/loa-testcard"
        self.plugin = build / "tests/support/libasound_module_pcm_testcard.so"
        self.microphone = build / "tests/support/libasound_module_pcm_testline.so"
        self.plugin_built = self.plugin
        self.line_plugin = build / "tests/support/libasound_module_pcm_testline.so"

    def bring_within_reach(self, users, folder):
        """Copies them where the daemons' users may go: a home of root's is closed to them."""
        if subprocess.run(users.command("scheduler", ["test", "-r", self.plugin]),
                          check=False).returncode == 0:
            return
        folder.mkdir()
        os.chmod(folder, 0o755)
        for name, path in list(vars(self).items()):
            if name not in ("build", "plugin_built"):
                setattr(self, name, folder / path.name)
                shutil.copy(path, folder)
                os.chmod(folder / path.name, 0o755)


class Phone:
    """The authenticator app (RFC 6238) of somebody whose role needs a second factor."""

    STEP_S = 30

    def __init__(self, begun):
        self.secret = begun["secret"].replace(" ", "")
        self.uri = begun["uri"]
        self.recovery = []

    def code(self, at_s):
        counter = struct.pack(">Q", int(at_s) // self.STEP_S)
        digest = hmac.new(base64.b32decode(self.secret), counter, hashlib.sha1).digest()
        at = digest[-1] & 15
        number = struct.unpack(">I", digest[at:at + 4])[0] & 0x7fffffff
        return f"{number % 1000000:06}"


class Person:
    """An account, its session file and, where it needs one, its phone; calls loactl."""

    def __init__(self, district, login, password):
        self.district, self.login, self.password = district, login, password
        self.session = district.folder / f"session-{login}"
        self.phone = None
        self.sign_in()

    def sign_in(self):
        """Of a phone only the recovery codes: an app's code is good once in thirty seconds."""
        district = self.district
        secret = district.folder / f"secret-{self.login}"
        secret.touch(mode=0o600)
        secret.write_text(self.password + "\n")
        code = ["--code", self.phone.recovery.pop()] if self.phone else []
        signed_in = self.loactl("sign-in", self.login, "--url", district.url, "--authority",
                                district.authority, "--password-file", secret, *code)
        if signed_in["sets_up"]:
            self.set_up(secret)
        secret.unlink()

    def set_up(self, secret):
        """The second factor that the role needs: a code of the secret that was told."""
        phone = Phone(self.loactl("factor", "begin", "--password-file", secret))
        now_s = self.district.now_s()
        phone.step = int(now_s) // phone.STEP_S
        code = phone.code(now_s)
        phone.recovery = self.loactl("factor", "confirm", code)["codes"]
        self.phone = phone

    def run(self, *words, out="--json"):
        env = {**os.environ, "LOACTL_SESSION": str(self.session), "LC_ALL": "C.UTF-8",
               "LOA_LANG": os.environ.get("LOA_LANG", "en"), "TZ": "America/Los_Angeles"}
        flags = [out] if out else []
        return subprocess.run([self.district.programs.loactl, *flags, *map(str, words)], env=env,
                              capture_output=True, text=True, timeout=600, check=False)

    def loactl(self, *words):
        """The answer as JSON; a refusal is an error with loactl's own words."""
        done = self.run(*words)
        if done.returncode != 0:
            raise Failed(f"loactl {' '.join(map(str, words[:3]))}: {done.stderr.strip()}")
        return json.loads(done.stdout) if done.stdout.strip() else None

    def approve(self, version):
        """As whoever approves must: heard to its end first, which takes as long as it lasts."""
        self.hear(version)
        return self.loactl("version", "approve", version, "--no-state-secret")

    def hear(self, version):
        heard = self.district.folder / f"heard-{self.login}-{version}.opus"
        self.loactl("version", "hear", version, heard)
        heard.unlink()


def meanwhile(work):
    """Somebody does @work while the stations are set up; .result() waits for it."""
    pool = concurrent.futures.ThreadPoolExecutor(1)
    done = pool.submit(work)
    pool.shutdown(wait=False)
    return done


class District:
    """The central machine; with @uris it uses brokers that somebody else runs.

    @born: as faketime reads it: when it was made, if not just now ("-1830d").
    """

    def __init__(self, programs, folder, area, name, uris=(), born=None):
        self.programs, self.folder = programs, pathlib.Path(folder)
        self.area = area
        self.users = Users()
        self.daemons = []
        self.ports = {"people": free_port(), "stations": free_port(), "broker": free_port()}
        self.url = f"https://127.0.0.1:{self.ports['people']}"
        self.authority = self.folder / "district-ca.pem"
        self.config = self.folder / "scheduler.conf"
        self.uris, self.broker = list(uris), None
        os.chmod(self.folder, 0o711)
        self.programs.bring_within_reach(self.users, self.folder / "programs")
        self._init(name, ["faketime", "-f", born] if born else [])

    def _init(self, name, prefix):
        state = self.users.give(self.folder / "scheduler", "scheduler")
        self.state = state / "state"
        root = self.users.give(self.folder / "safe", "scheduler") / "root.key"
        self.config.write_text(
            f"[state]\nfolder={state}/state\n"
            f"[people]\naddress=127.0.0.1\nport={self.ports['people']}\nhosts=127.0.0.1\n"
            f"max-per-address=400\n"
            f"[stations]\naddress=127.0.0.1\nport={self.ports['stations']}\nhosts=127.0.0.1\n"
            f"[broker]\naddress=127.0.0.1\nport={self.ports['broker']}\n"
            f"uris={';'.join(self.uris)}\n"
            f"[ingest]\nprogram={self.programs.ingest}\n")
        words = self._as("scheduler", *prefix, self.programs.scheduler, "init", "--config", self.config,
                         "--area", self.area, "--name", name, "--login", "quan-tri", "--root-key",
                         root)
        self.passphrase = re.search(r"its passphrase, shown once: (\S+)", words).group(1)
        self.admin_password = re.search(r"its password, shown once: (\S+)", words).group(1)
        self.authority.write_text(self._as("scheduler", "cat", f"{state}/state/authority/ca.pem"))

    def _as(self, user, *argv):
        done = subprocess.run(self.users.command(user, map(str, argv)), capture_output=True,
                              text=True, timeout=120, check=False)
        if done.returncode != 0:
            raise Failed(f"{pathlib.Path(str(argv[0])).name}: {done.stderr.strip()}")
        return done.stdout

    def daemon(self, name, *argv, env=None, user=None):
        daemon = Daemon(name, argv, self.users, self.folder, env, user)
        self.daemons.append(daemon)
        return daemon

    def start(self):
        self.scheduler = self.daemon("scheduler", self.programs.scheduler, "run", "--config",
                                     self.config)
        if self.uris and not self.broker:
            self.start_broker()
        self.scheduler.wait_for("connected to the broker")
        if not hasattr(self, "admin"):
            self.admin = Person(self, "quan-tri", self.admin_password)

    def now_s(self):
        """What time the district takes it to be, seconds since 1970."""
        return time.time()

    def start_broker(self):
        """The broker of somebody else, from the files that the scheduler wrote for it."""
        config = self.state / "broker/mosquitto.conf"
        wait_until(lambda: config.exists() or not self.scheduler.is_running(), 20,
                   "the files for the broker")
        self.broker = self.daemon("broker", "/usr/sbin/mosquitto", "-c", config,
                                  user="scheduler")

    def reload_broker(self):
        """What its administrator does after each change of rights and revocations."""
        self.users.signal(self.broker.pid, signal.SIGHUP)

    def broker_pid(self):
        """The mosquitto that the scheduler started; 0 while there is none."""
        return next(iter(children_of(self.scheduler.pid, "mosquitto")), 0)

    def query(self, sql):
        """Rows of the district's database, read beside the running scheduler."""
        out = self._as("scheduler", "sqlite3", "-readonly", "-json", self.state / "district.db",
                       sql)
        return json.loads(out) if out.strip() else []

    def account(self, login, name, *rights):
        words = [w for right in rights for w in ("--right", right)]
        made = self.admin.loactl("account", "add", login, name, *words)
        return Person(self, login, made["password"])

    def stop(self):
        for daemon in reversed(self.daemons):
            daemon.stop()


class Commune:
    """A station: relay boards, gateway, sound card and player, each under its own user.

    A zone is (id, village, languages, relay); the relay is a number on the board in the cabinet,
    or BOARD/NUMBER on one of the others. Each board has a line of its own: Modbus TCP, or a
    serial line for those that @serial names.
    """

    def __init__(self, district, station, zones, profile="coils", device=None, timed_on_s=4,
                 boards=("cabinet",), serial=(), heartbeat_s=5, microphone_hz=0):
        self.district, self.station, self.zones = district, station, zones
        self.profile, self.device, self.timed_on_s = profile, device, timed_on_s
        self.folder = district.folder / station
        self.folder.mkdir()
        os.chmod(self.folder, 0o711)
        if device:
            district.users.let_sound(f"{station}-player")
        self.boards = dict.fromkeys(boards)
        self.board_ports = dict.fromkeys((name for name in boards if name not in serial), 0)
        self.heartbeat_s, self.microphone_hz = heartbeat_s, microphone_hz

    @property
    def board_port(self):
        return self.board_ports["cabinet"]

    # --- parts ---

    def user_of(self, board):
        """A serial line is its gateway's: nobody else may open it."""
        return f"{self.station}-{board if board in self.board_ports else 'gateway'}"

    def start_board(self):
        for name in self.boards:
            user = self.user_of(name)
            folder = self.district.users.give(self.folder / name, user)
            where = self._tcp(name) if name in self.board_ports else self._wire(name, folder)
            board = self.district.daemon(f"{self.station}-{name}", self.district.programs.board,
                                         *where, "--control", folder / "control", "--board",
                                         f"1:{self.profile}:8:4", user=user)
            board.wait_for("listening ")
            self.boards[name] = board
            if name in self.board_ports:
                self.board_ports[name] = int(re.search(BOARD_START + r"(\d+)",
                                                       board.said()).group(1))

    def _tcp(self, name):
        return "--tcp", self.board_ports[name]

    def _wire(self, name, folder):
        """A serial line whose far end is the board's."""
        wire = self.district.daemon(f"{self.station}-{name}-wire", self.district.programs.wire,
                                    folder / "near", folder / "far", BAUD,
                                    user=self.user_of(name))
        wire.wait_for("ready")
        return "--rtu", folder / "far", "--baud", BAUD

    def tell_board(self, order, board="cabinet"):
        """Makes a board misbehave, or behave again: the words of loa-board-sim."""
        before = self.boards[board].text().count(f"ok {order}\n")
        self.district._as(self.user_of(board), "sh", "-c", 'echo "$0" >"$1"', order,
                          self.folder / board / "control")
        wait_until(lambda: self.boards[board].text().count(f"ok {order}\n") > before, 10,
                   f"{board} of {self.station} to obey '{order}'")

    def write_gateway(self):
        users = self.district.users
        run = users.give(self.folder / "gateway", f"{self.station}-gateway", 0o755)
        self.socket = run / "lease.sock"
        lines = [f"[gateway]\nsocket={self.socket}\n"
                 f"player-users={users.uid(f'{self.station}-player')}\n"
                 f"test-users={os.geteuid()}\n"]
        for name in self.boards:
            wire = (f"kind=tcp\naddress=127.0.0.1\nport={self.board_ports[name]}"
                    if name in self.board_ports else
                    f"kind=serial\ndevice={self.folder / name / 'near'}\nbaud={BAUD}")
            lines.append(f"[line {name}]\n{wire}\n"
                         f"[board {name}]\nline={name}\nprofile={self.profile}\nrelays=8\n"
                         f"inputs=0\ntimed-on-s={self.timed_on_s}\n")
        for zone, _, _, relay in self.zones:
            wire = relay if "/" in str(relay) else f"cabinet/{relay}"
            lines.append(f"[zone {zone}]\noutput=main\nrelays={wire}\n"
                         f"amplifier=cabinet/8\nwarm-up-ms=500\nstagger-ms=20\ntail-ms=300\n")
        self.gateway_config = self.folder / "gateway.conf"
        self.gateway_config.write_text("".join(lines))

    def start_gateway(self):
        self.gateway = self.district.daemon(f"{self.station}-gateway",
                                            self.district.programs.gateway, "--config",
                                            self.gateway_config)
        wait_until(self.socket.exists, 10, f"the gateway of {self.station}")

    def write_player(self):
        users, programs = self.district.users, self.district.programs
        state = users.give(self.folder / "player", f"{self.station}-player")
        cards = users.give(self.folder / "card", f"{self.station}-player", 0o755)
        self.cards = cards
        self.district._as(f"{self.station}-player", self.district.programs.card, "make", cards,
                          "main")
        self.district._as(f"{self.station}-player", "sed", "-i",
                          f"s|{programs.plugin_built}|{programs.plugin}|", cards / "asound.conf")
        if self.microphone_hz:
            self._add_microphone()
        self.player_config = self.folder / "player.conf"
        self.player_config.write_text(
            f"[player]\nstate={state}/state\ngateway-socket={self.socket}\n"
            f"[output main]\ndevice={self.device or 'main'}\n"
            + ("[microphone]\ndevice=microphone\n" if self.microphone_hz else ""))

    def _add_microphone(self):
        """A card's input on which somebody always says the same note."""
        text = (f'pcm_type.testline {{ lib "{self.district.programs.microphone}" }}\n'
                f'pcm.microphone {{ type testline hz {self.microphone_hz} channels 1 fault '
                f'"{self.cards}/microphone.fault" }}\n')
        self.district._as(f"{self.station}-player", "sh", "-c", 'printf %s "$0" >>"$1"', text,
                          self.cards / "asound.conf")

    def enrol(self, technician):
        return self.enrol_with(technician.loactl("station", "enrol", self.station)["code"])

    def enrol_with(self, code):
        return self.district._as(f"{self.station}-player", self.district.programs.player, "enrol",
                                 "--state", self.folder / "player/state", code)

    def new_machine(self):
        """Another machine at the same place: nothing is left of what the player kept."""
        old = self.folder / "player"
        aside = pathlib.Path(f"{old}-{time.monotonic_ns()}")
        self.player.stop()
        subprocess.run([*self.district.users.prefix, "mv", str(old), str(aside)], check=True)
        self.district.users.give(old, f"{self.station}-player")
        return aside

    def start_player(self, more_env=None):
        env = {"ALSA_CONFIG_PATH": f"{self.cards}/asound.conf"}
        if self.device:
            uid = self.district.users.uid(f"{self.station}-player")
            env = {k: v for k, v in os.environ.items()
                   if k in ("PULSE_SERVER", "ALSA_CONFIG_PATH")}
            # Where the sound server of that person's session is, if there is one.
            env["XDG_RUNTIME_DIR"] = f"/run/user/{uid}"
        self.player = self.district.daemon(f"{self.station}-player",
                                           self.district.programs.player, "--config",
                                           self.player_config, env={**env, **(more_env or {})})

    def describe(self, technician, name):
        """Tells the district of the station, its output and its zones."""
        technician.loactl("station", "put", self.station, name, "--area", self.station,
                          "--heartbeat-s", self.heartbeat_s)
        technician.loactl("output", "put", self.station, "main", "Loa chính")
        for zone, village, languages, _ in self.zones:
            words = [w for tag in languages for w in ("--language", tag)]
            technician.loactl("zone", "put", self.station, zone, f"Cụm loa {zone}", "--output",
                              "main", "--village", village, *words)

    def start(self, technician):
        self.start_board()
        self.write_gateway()
        self.start_gateway()
        self.write_player()
        self.enrol(technician)
        self.start_player()

    def coils(self, board="cabinet"):
        """What a board did: (relay, is_on, monotonic µs), in order."""
        found = re.findall(r"^coil 1 (\d+) (on|off) (\d+)", self.boards[board].text(), re.M)
        return [(int(relay), word == "on", int(at_us)) for relay, word, at_us in found]

    def heard(self):
        """What the sound card played: (UTC µs, duration µs) of each sound."""
        done = subprocess.run([self.district.programs.card, "heard", self.cards, "main"],
                              capture_output=True, text=True, timeout=60, check=False)
        return [json.loads(line) for line in done.stdout.splitlines()]


def speak(voice, words_a_minute, text, path):
    """Its sound library leaves a folder where TMPDIR says, even of who writes to a file only."""
    with tempfile.TemporaryDirectory() as home:
        subprocess.run(["espeak-ng", "-v", voice, "-s", str(words_a_minute), "-w", str(path),
                        text], check=True, timeout=60,
                       env={**os.environ, "HOME": home, "TMPDIR": home})


def local(at_s):
    return time.strftime("%Y-%m-%d", time.localtime(at_s)), \
        time.strftime("%H:%M:%S", time.localtime(at_s))


