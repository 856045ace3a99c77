#!/usr/bin/python3
"""test-crowd.py BUILD: the real scheduler before peers that are silent, slow or many.

400 who connect and say nothing change nothing for others; 200 who take 5 MB over TLS and read
slowly cost it less than 32 MB of memory, and get every byte in the end.
"""
import hashlib
import http.client
import json
import pathlib
import re
import socket
import ssl
import statistics
import subprocess
import sys
import time
import wave

import rig
from processes import children_of, comm_of

SILENT, SLOW, FROM_ONE = 400, 200, 20
GROWTH_MB = 32
OBJECT_BYTES = 5_000_000


def context():
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    return made


def connect(town, n):
    """The n-th of a crowd: twenty come from one address."""
    return socket.create_connection(("127.0.0.1", town.district.ports["people"]), 30,
                                    (f"127.0.1.{1 + n // FROM_ONE}", 0))


def page_ms(town):
    """How long somebody else waits for the first page: middle of nine."""
    times = []
    for _ in range(9):
        begun = time.monotonic()
        line = http.client.HTTPSConnection("127.0.0.1", town.district.ports["people"], timeout=60,
                                           context=context())
        line.request("GET", "/")
        assert line.getresponse().read()
        times.append((time.monotonic() - begun) * 1000)
        line.close()
    return statistics.median(times)


def scheduler_pid(town):
    """The scheduler itself, below what started it."""
    pid = town.district.scheduler.pid
    while comm_of(pid) != "loa-scheduler":
        pid = children_of(pid)[0]
    return pid


def is_sanitized(town):
    """The address sanitizer keeps what was freed: its memory says nothing of the program's."""
    return "libasan" in subprocess.run(["ldd", town.district.programs.scheduler], check=False,
                                       capture_output=True, text=True).stdout


def resident_mb(town):
    text = pathlib.Path(f"/proc/{scheduler_pid(town)}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024


def silent(town, tap):
    """400 who say nothing, not even TLS."""
    alone = page_ms(town)
    crowd = [connect(town, n) for n in range(SILENT)]
    beside = page_ms(town)
    tap.note(f"the first page: {alone:.1f} ms alone, {beside:.1f} ms beside {SILENT} silent peers")
    tap.ok(beside < max(3 * alone, alone + 100), "nobody else waits for them", [alone, beside])
    ended = 0
    for one in crowd:
        one.settimeout(30)
        ended += one.recv(1) == b""
        one.close()
    tap.ok(ended == SILENT, "and each of them is shown the door", ended)


def make_original(town):
    """A recording of 5 MB, as it was sent: (path of the API, SHA-256)."""
    path = town.folder / "original.wav"
    with wave.open(str(path), "wb") as out:
        out.setparams((2, 4, 192000, 0, "NONE", None))
        turn = (b"\x00\x00\x00\x10" * 2) * 240 + (b"\x00\x00\x00\xf0" * 2) * 240
        out.writeframes(turn * (OBJECT_BYTES // len(turn) + 1))
    made = town.editor.loactl("announcement", "add", "Lớn", "--home", rig.AREA, "--source-number",
                              "1/TB", "--source-issuer", "Vùng thử", "--source-date", "2026-01-01",
                              "--valid-until", "2199-01-01", "--no-state-secret", "--version", f"vi={path}")
    return f"/api/versions/{made['versions'][0]['id']}/original", path.read_bytes()


def open_slow(town, n, request):
    """One who asks and reads only the first bytes."""
    line = context().wrap_socket(connect(town, n))
    line.sendall(request)
    return line, line.recv(4000)


def read_rest(line, begun):
    got = begun
    while len(got) < len(begun) + 10 * OBJECT_BYTES:
        more = line.recv(1 << 16)
        if not more:
            break
        got += more
    return got.split(b"\r\n\r\n", 1)[1]


def slow(town, tap):
    """200 who hold a download of 5 MB each."""
    path, data = make_original(town)
    token = re.search(r"^token=(\S+)", town.editor.session.read_text(), re.M).group(1)
    request = (f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
               f"Authorization: Bearer {token}\r\n\r\n").encode()
    page_ms(town)
    before = resident_mb(town)
    lines = [open_slow(town, n, request) for n in range(SLOW)]
    good = sum(begun.startswith(b"HTTP/1.1 200") for _, begun in lines)
    beside = page_ms(town)
    after = resident_mb(town)
    tap.note(f"{before:.1f} MB before, {after:.1f} MB with {good} slow downloads of "
             f"{len(data) / 1e6:.1f} MB; the first page beside them: {beside:.1f} ms")
    tap.ok(good == SLOW and len(data) >= OBJECT_BYTES, "all of them began", [good, len(data)])
    tap.ok(after - before < GROWTH_MB or is_sanitized(town), f"they cost {after - before:.1f} MB", [before, after])
    whole = hashlib.sha256(data).digest()
    ends = [hashlib.sha256(read_rest(*one)).digest() == whole for one in (lines[0], lines[99], lines[-1])]
    tap.ok(all(ends), "who reads on gets every byte", json.dumps(ends))
    for line, _ in lines:
        line.close()


def many(town, tap):
    """One address has no more connections than it may; its neighbour is not touched."""
    may = int(re.search(r"max-per-address=(\d+)", town.district.config.read_text()).group(1))
    crowd = [socket.create_connection(("127.0.0.1", town.district.ports["people"]), 30, ("127.0.2.1", 0))
             for _ in range(may + 1)]
    crowd[-1].settimeout(5)
    try:
        refused = crowd[-1].recv(1) == b""
    except OSError as error:
        refused = isinstance(error, ConnectionResetError)
    tap.ok(refused, f"the one after {may} is refused at once")
    tap.ok(page_ms(town) < 5000, "and somebody from elsewhere is served")
    for one in crowd:
        one.close()


if __name__ == "__main__":
    sys.exit(rig.run([silent, slow, many], {}))
