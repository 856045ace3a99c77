#!/usr/bin/python3
"""test-netns.py BUILD: the line between two namespaces has the delay, rate and loss it was given.

Measured from outside: datagrams sent back and a TCP transfer, by Python's own sockets. Prints TAP.
"""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import netns

ECHO = """
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], 9998))
print("ready", flush=True)
while True:
    s.sendto(*s.recvfrom(100))
"""
PING = """
import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect((sys.argv[1], 9998)); s.settimeout(float(sys.argv[3]))
for n in range(int(sys.argv[2])):
    t = time.monotonic(); s.send(b"%d" % n)
    try:
        s.recv(100); print(round((time.monotonic() - t) * 1000, 1))
    except TimeoutError:
        pass
"""
SENDER = """
import socket, sys
s = socket.create_connection((sys.argv[1], 9999))
s.sendall(bytes(int(sys.argv[2])))
s.shutdown(socket.SHUT_WR)
s.recv(1)
"""
RECEIVER = """
import socket, sys, time
l = socket.create_server((sys.argv[1], 9999))
print("ready", flush=True)
s, _ = l.accept()
t = time.monotonic(); n = 0
while True:
    b = s.recv(65536)
    if not b: break
    n += len(b)
print(n, time.monotonic() - t, flush=True)
"""


def ping(line, count, patience_s):
    """Round trips in ms of count datagrams, one after the other; a lost one is left out."""
    done = subprocess.run(["ip", "netns", "exec", line.names["far"], "python3", "-c", PING,
                           netns.NEAR_ADDRESS, str(count), str(patience_s)],
                          capture_output=True, text=True, check=True)
    return [float(word) for word in done.stdout.split()]


def delay(line):
    line.say("delay=100 rate=0")
    trips = ping(line, 5, 5)
    # A busy machine wakes the echo later, never sooner: the quickest trip is the line's own.
    is_good = len(trips) == 5 and 200 <= min(trips) < 215
    return is_good, f"200 ms asked, got {trips}"


def rate(line):
    line.say("delay=0 rate=256")
    receiver = line.popen("near", ["python3", "-c", RECEIVER, netns.NEAR_ADDRESS],
                          stdout=subprocess.PIPE, text=True)
    receiver.stdout.readline()
    line.popen("far", ["python3", "-c", SENDER, netns.NEAR_ADDRESS, "64000"])
    n_bytes, seconds = receiver.stdout.readline().split()
    kbit = int(n_bytes) * 8 / float(seconds) / 1000
    return int(n_bytes) == 64000 and 200 < kbit < 280, f"256 kbit/s asked, {kbit:.0f} by TCP"


def black_hole(line):
    line.say("delay=0 rate=0 down=1")
    during = ping(line, 2, 0.3)
    line.say("down=0")
    after = ping(line, 3, 5)
    return not during and len(after) == 3, f"{len(during)} came through, then {len(after)} of 3"


def gone(build):
    with netns.Line(build) as line:
        names = list(line.names.values())
    left = [name for name in names if (netns.FOLDER / name).exists()]
    return not left, f"left behind: {left}"


def main():
    build = sys.argv[1]
    if reason := netns.why_not():
        print(f"1..0 # SKIP {reason}")
        return
    print("1..4")
    checks = [delay, rate, black_hole]
    with netns.Line(build) as line:
        echo = line.popen("near", ["python3", "-c", ECHO, netns.NEAR_ADDRESS],
                          stdout=subprocess.PIPE, text=True)
        echo.stdout.readline()
        results = [(check.__name__, *check(line)) for check in checks]
    results.append(("gone", *gone(build)))
    for n, (name, is_good, words) in enumerate(results, 1):
        print(f"{'ok' if is_good else 'not ok'} {n} - {name}: {words}")


main()
