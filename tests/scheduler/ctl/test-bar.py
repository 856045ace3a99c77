#!/usr/bin/python3
"""test-bar.py BUILD: what loactl draws on a terminal while it sends or fetches over a slow line.

A real district, a real terminal (a pseudo one), real uploads. The bar goes to standard error,
grows to the end, and is gone when the answer is printed; without a terminal nothing is drawn.
"""
import fcntl
import os
import pathlib
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
import time
import wave

TESTS = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TESTS / "demo"), str(TESTS / "support")]
from district import District, Programs  # noqa: E402
from slow_line import SlowLine  # noqa: E402

CELLS = 30
COLUMNS = 80
PHONE_COLUMNS = 32
SECONDS = 12  # more than goes in one part
BYTES_A_SECOND = 600_000  # the recording takes two seconds
FRAME = re.compile(r"(.+) \[(#*)(\.*)\] +(\d+) %")
ERASED = "\r\x1b[K"
PATIENCE_S = 60


def write_recording(path):
    """Seconds of a tone; no sound at all would be refused."""
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, 48000, 0, "NONE", None))
        out.writeframes((b"\x00\x20" * 60 + b"\x00\xe0" * 60) * (400 * SECONDS))


def read_all(master):
    """What came to the terminal until nobody has it open any more."""
    said = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # EIO: the last program has closed it
            return said.decode()
        if not piece:
            return said.decode()
        said += piece


def at_terminal(person, *words, language="en", columns=COLUMNS):
    """exit, standard output, what the terminal got on standard error, seconds"""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    begun = time.monotonic()
    with subprocess.Popen(
            [person.district.programs.loactl, *map(str, words)], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=slave, text=True,
            env={**os.environ, "LOACTL_SESSION": str(person.session), "LOA_LANG": language,
                 "LC_ALL": "C.UTF-8"}) as process:
        os.close(slave)
        drawn = read_all(master)
        out = process.communicate(timeout=PATIENCE_S)[0]
    os.close(master)
    return process.returncode, out, drawn, time.monotonic() - begun


def frames_of(drawn, columns=COLUMNS):
    """[(label, percent)] of all frames, each looked at; and what came after the last."""
    assert ERASED in drawn, f"the bar was not taken away: {drawn!r}"
    bar, after = drawn.rsplit(ERASED, 1)
    found = []
    for text in bar.replace(ERASED, "").split("\r")[1:]:
        match = FRAME.fullmatch(text)
        assert match, f"no frame: {text!r}"
        label, full, empty, percent = match.groups()
        cells = len(full) + len(empty)
        # a frame that is as wide as the terminal would begin a new line
        assert 0 < cells <= CELLS and len(text) < columns, text
        assert cells == CELLS or len(text) == columns - 1, text
        # 50 % is from 15.0 of 30 cells to 15.3 of them
        assert len(full) in (int(percent) * cells // 100, (int(percent) + 1) * cells // 100), text
        found.append((label, int(percent)))
    return found, after


def assert_grows(frames, seconds):
    percents = [percent for _, percent in frames]
    assert percents == sorted(set(percents)), percents
    assert percents[0] < 50 and percents[-1] == 100, percents
    assert len(percents) >= 5, f"{len(percents)} frames in {seconds:.1f} s: {percents}"
    # ten a second, the first and the last
    assert len(frames) <= 10 * seconds + 2, f"{len(frames)} frames in {seconds:.1f} s"


class Bench:
    """One district, one line to it, and what the cases leave for each other."""

    def __init__(self, folder):
        self.folder = folder
        self.district = District(Programs(sys.argv[1]), folder, "vung-thu", "Vùng thử")
        self.recording, self.notes = folder / "tone.wav", folder / "notes.txt"
        write_recording(self.recording)
        self.notes.write_text("no recording at all\n" * 40000)

    def start(self):
        self.district.start()
        self.line = SlowLine(self.district.ports["people"], BYTES_A_SECOND)
        self.district.url = f"https://127.0.0.1:{self.line.port}"
        self.editor = self.district.account("bien-tap", "Biên tập", "editor@vung-thu")

    def stop(self):
        self.line.close()
        self.district.stop()

    def add(self, title, audio):
        return ("announcement", "add", title, "--home", "vung-thu", "--source-number", "1/TB",
                "--source-issuer", "Vùng thử", "--source-date", "2026-01-01", "--valid-until",
                "2199-01-01", "--no-state-secret", "--version", f"vi={audio}")


def upload(bench):
    status, out, drawn, seconds = at_terminal(bench.editor, "--json", *bench.add("Một",
                                                                                bench.recording))
    assert status == 0, drawn
    frames, after = frames_of(drawn)
    assert_grows(frames, seconds)
    assert after == "" and {label for label, _ in frames} == {"vi"}, (frames, after)
    assert out.startswith("{") and "\r" not in out and "\x1b" not in out, out
    bench.version = re.search(r'"versions":.*?"id": ?"([^"]+)"', out, re.S).group(1)
    print(f"# {len(frames)} frames in {seconds:.1f} s")


def download(bench):
    """On a phone and in Vietnamese, whose label is more bytes than columns."""
    got = bench.folder / "got.wav"
    status, _, drawn, seconds = at_terminal(bench.editor, "version", "listen", bench.version, got,
                                            "--original", language="vi", columns=PHONE_COLUMNS)
    assert status == 0, drawn
    frames, after = frames_of(drawn, PHONE_COLUMNS)
    assert_grows(frames, seconds)
    assert got.read_bytes() == bench.recording.read_bytes(), "what came is not what was sent"
    assert after == "" and not frames[0][0].isascii(), (frames[0], after)


def refused(bench):
    """The complaint stands on a line of its own, where the bar was."""
    status, out, drawn, _ = at_terminal(bench.editor, *bench.add("Hai", bench.notes))
    assert status != 0 and out == "", (status, out)
    frames, after = frames_of(drawn)
    assert frames, drawn
    assert after.startswith("loactl: ") and after.endswith("\n"), repr(after)
    assert "%" not in after, after


def no_terminal(bench):
    """To a file, to a pipe; standard output may be a terminal all the same."""
    env = {**os.environ, "LOACTL_SESSION": str(bench.editor.session), "LOA_LANG": "en",
           "LC_ALL": "C.UTF-8"}
    log = bench.folder / "complaints"
    master, slave = pty.openpty()
    with open(log, "wb") as complaints:
        subprocess.run([bench.district.programs.loactl, *bench.add("Ba", bench.recording)],
                       stdin=subprocess.DEVNULL, stdout=slave, stderr=complaints, check=True,
                       timeout=PATIENCE_S, env=env)
    os.close(slave)
    out = read_all(master)
    os.close(master)
    assert log.read_bytes() == b"", log.read_bytes()
    assert out and "[" not in out and "\x1b" not in out, out
    done = bench.editor.run(*bench.add("Bốn", bench.recording))
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


CASES = (upload, download, refused, no_terminal)


def main():
    os.environ["TZ"] = "Asia/Ho_Chi_Minh"
    time.tzset()
    failed = 0
    print(f"1..{len(CASES)}")
    with tempfile.TemporaryDirectory(prefix="loa-bar-") as folder:
        bench = Bench(pathlib.Path(folder))
        try:
            bench.start()
            for number, case in enumerate(CASES, 1):
                try:
                    case(bench)
                    print(f"ok {number} - {case.__name__}", flush=True)
                except (AssertionError, AttributeError, subprocess.SubprocessError) as error:
                    failed += 1
                    print(f"not ok {number} - {case.__name__}")
                    for line in str(error).splitlines():
                        print(f"# {line}")
        finally:
            bench.stop()
            bench.district.users.remove(bench.folder / "scheduler")
            bench.district.users.remove(bench.folder / "safe")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
