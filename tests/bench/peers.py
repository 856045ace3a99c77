"""peers.py - what others do on the same machine, in the same run: mpd and liquidsoap.

Both play to the same kind of test card as our own writer. Where one is not installed, or does
not play, this is said; no figure from anywhere else is put in its place.
"""
import contextlib
import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import tempfile
import time

import minute
import rows

SPEECH_S = minute.MINUTE_S
TEXT = "Đài truyền thanh xã xin thông báo đến toàn thể bà con trong làng. "


def need(name):
    if shutil.which(name) is None:
        raise rows.Skipped(f"{name}: not installed")


class Card:
    """A folder with one test card named `card`, and an environment that knows it."""

    def __init__(self, build):
        self.build = build
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="loa-peer-"))
        self.env = None

    def __enter__(self):
        made = subprocess.run([self.build / "tests/support/loa-testcard", "make", self.folder,
                               "card"], capture_output=True, text=True, check=True)
        self.env = {**os.environ, "ALSA_CONFIG_PATH": made.stdout.strip(),
                    "HOME": str(self.folder)}
        return self

    def _timeline(self):
        return subprocess.run([self.build / "tests/support/loa-testcard", "heard", self.folder,
                               "card"], capture_output=True, text=True, check=False)

    def is_open(self):
        """Whether anybody ever played to it, be it silence."""
        return self._timeline().returncode == 0

    def heard(self):
        return [json.loads(line) for line in self._timeline().stdout.splitlines()]

    def speech(self):
        """A minute and more of speech, as the district would have encoded it."""
        wav, opus = self.folder / "speech.wav", self.folder / "speech.opus"
        subprocess.run(["espeak-ng", "-v", "vi", "-w", wav, TEXT * 40], check=True)
        subprocess.run(["gst-launch-1.0", "-q", "filesrc", f"location={wav}", "!", "wavparse",
                        "!", "audioconvert", "!", "audioresample", "!",
                        "audio/x-raw,rate=48000,channels=1", "!", "opusenc", "bitrate=32000",
                        "!", "oggmux", "!", "filesink", f"location={opus}"], check=True)
        return opus

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def running(arguments, env):
    """A peer that is ended, by its pid, at the end of the block."""
    process = subprocess.Popen(arguments, env=env, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def beside(row, peer, value):
    return {"peer_of": row, "peer_name": peer, "value": round(value, 2)}


def a_minute(peer, process):
    """Rows of a minute of playing, which has begun."""
    cpu_s, rss_mib = minute.of_process(process.pid, SPEECH_S)
    if process.poll() is not None:
        raise RuntimeError(f"{peer} ended while playing")
    return [beside("player-rss", peer, rss_mib), beside("player-cpu", peer, cpu_s)]


# ---- mpd ----------------------------------------------------------------------------------------

def mpd_say(path, *commands):
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(10)
        line.connect(str(path))
        lines = line.makefile("rw", encoding="utf-8", newline="\n")
        if not lines.readline().startswith("OK MPD"):
            raise RuntimeError("mpd does not speak its protocol")
        for command in commands:
            lines.write(command + "\n")
            lines.flush()
            answer = lines.readline()
            while answer and not answer.startswith(("OK", "ACK")):
                answer = lines.readline()
            if not answer.startswith("OK"):
                raise RuntimeError(f"mpd: {command}: {answer.strip()}")


def mpd(build):
    need("mpd")
    with Card(build) as card:
        card.speech()
        config, line = card.folder / "mpd.conf", card.folder / "mpd.sock"
        config.write_text(
            f'music_directory "{card.folder}"\nbind_to_address "{line}"\n'
            f'db_file "{card.folder}/db"\n'
            'audio_output {\n type "alsa"\n name "card"\n device "plug:card"\n'
            ' mixer_type "none"\n}\n', encoding="utf-8")
        with running(["mpd", "--no-daemon", config], card.env) as process:
            until = time.monotonic() + 20
            while not line.exists() and time.monotonic() < until:
                time.sleep(0.1)
            mpd_say(line, "update")
            mpd_play(line)
            return a_minute("mpd", process)


def mpd_play(line):
    """The list of files is made in the background; until it is there, adding fails."""
    until = time.monotonic() + 20
    while True:
        try:
            mpd_say(line, "clear", 'add "speech.opus"', "play")
            return
        except RuntimeError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


# ---- liquidsoap ---------------------------------------------------------------------------------

N_STARTS = 5
AHEAD_S = 3
PATIENCE_S = 60

AT_TIME = """
settings.init.allow_root.set(true)
item = once(single("{path}"))
s = fallback(track_sensitive=false, [switch([({{time() >= {at}}}, item)]), blank()])
output.alsa(device="plug:card", bufferize=false, mksafe(s))
"""
ALWAYS = """
settings.init.allow_root.set(true)
output.alsa(device="plug:card", bufferize=false, mksafe(single("{path}")))
"""


def tone(card):
    path = card.folder / "tone.wav"
    subprocess.run(["gst-launch-1.0", "-q", "audiotestsrc", "freq=1000", "num-buffers=100",
                    "samplesperbuffer=960", "!", "audio/x-raw,rate=48000,channels=1", "!",
                    "wavenc", "!", "filesink", f"location={path}"], check=True)
    return path


def wait_for(is_there, what):
    until = time.monotonic() + PATIENCE_S
    while not is_there():
        if time.monotonic() > until:
            raise RuntimeError(f"liquidsoap: {what} within {PATIENCE_S} s")
        time.sleep(0.2)


def start_error_us(build, ahead_s):
    """How late one tone is heard that was scheduled @ahead_s before."""
    with Card(build) as card:
        at = time.time() + ahead_s
        script = card.folder / "at.liq"
        script.write_text(AT_TIME.format(path=tone(card), at=f"{at:.6f}"), encoding="utf-8")
        with running(["liquidsoap", script], card.env):
            time.sleep(ahead_s)
            wait_for(card.heard, "nothing was heard")
        return card.heard()[0]["from_utc_us"] - at * 1e6


def liquidsoap(build):
    need("liquidsoap")
    with Card(build) as card:
        script = card.folder / "play.liq"
        script.write_text(ALWAYS.format(path=card.speech()), encoding="utf-8")
        began = time.monotonic()
        with running(["liquidsoap", script], card.env) as process:
            wait_for(card.is_open, "the card was not opened")
            opened_s = time.monotonic() - began
            figures = a_minute("liquidsoap", process)
    # Scheduled long after it has loaded its library and its decoders: only its clock counts.
    late = [start_error_us(build, AHEAD_S + 2 * opened_s) for _ in range(N_STARTS)]
    return figures + [beside("start-error-idle", "liquidsoap", statistics.median(late))]


# name, function, time-out in seconds
MEASUREMENTS = [
    ("mpd", mpd, 120),
    ("liquidsoap", liquidsoap, 240),
]
