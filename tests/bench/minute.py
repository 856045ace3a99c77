"""minute.py - what the whole loa-player costs while it plays.

The daemon as it is shipped: its line to the broker, its journal, its leases, a minute of speech.
"""
import os
import pathlib
import subprocess
import time

import rows
import town

MINUTE_S = 60
LEAD_S = 10
SETTLE_S = 3
STATION = "xa-noi"
TEXT = "Đài truyền thanh xã xin thông báo đến toàn thể bà con trong làng. "
TEXT_S = 3  # spoken, it takes longer than this
TICKS = os.sysconf("SC_CLK_TCK")


def usage(pid):
    """CPU seconds so far, and the most memory it ever had, MiB."""
    words = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    rss = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return (int(words[11]) + int(words[12])) / TICKS, int(rss.split()[1]) / 1024


def of_process(pid, seconds):
    """CPU seconds of the next @seconds of a process, and its memory at the most, MiB."""
    before_s, _ = usage(pid)
    time.sleep(seconds)
    after_s, rss_mib = usage(pid)
    return after_s - before_s, rss_mib


def measure(build, seconds=MINUTE_S):
    """Returns: CPU seconds in @seconds of playing, and the memory at the most, MiB"""
    wanted = {STATION: town.Station([("lang-mot", ["vi"], 1), ("lang-hai", ["vi"], 2)])}
    with town.Town(build, wanted) as place:
        speech = place.folder / "speech.wav"
        subprocess.run(["espeak-ng", "-v", "vi", "-w", speech,
                        TEXT * ((seconds + 2 * SETTLE_S) // TEXT_S)], check=True)
        place.put_on_air([place.announce("Một phút", vi=speech)], LEAD_S)
        town.rig.wait_until(lambda: place.is_sounding(STATION), 60, "the speech to begin")
        time.sleep(SETTLE_S)
        figures = of_process(place.communes[STATION].player.pid, seconds)
        if not place.is_sounding(STATION):
            raise RuntimeError("the speech ended before the measurement did")
    return figures


def player(build):
    cpu_s, rss_mib = measure(build)
    return rows.player(cpu_s, rss_mib)


# name, function, time-out in seconds
# It is heard to its end before it is approved, too.
MEASUREMENTS = [("player", player, 250)]
