#!/usr/bin/python3
"""test-notices.py BUILD: a quick notice from a recording to the loudspeaker, and who heard it."""
import sys
import time

import rig
from rig import wait_until

STATIONS = {"xa-mot": [("mot-a", 1), ("mot-b", 2)]}


def notice(town, tap):
    """One village, one tap; the next allowed minute; its record says where a correction goes."""
    audio = town.folder / "notice.wav"
    rig.write_stair(audio)
    sent = town.editor.loactl("notice", "add", "Mất nước", "--no-state-secret", f"vi={audio}", "--home", "xa-mot",
                              "--to", "mot-a")
    town.reviewer.loactl("version", "check", sent["version"], "--no-state-secret")
    town.approver.hear(sent["version"])
    tapped = time.time()
    placed = town.approver.loactl("notice", "approve", sent["id"], "--no-state-secret")
    starts_in = placed["start_us"] / 1e6 - tapped
    # Of the minute, its lead, and what a busy machine needs for the tap itself.
    tap.ok(0 < starts_in <= 120 and placed["heard"] == 1,
           f"it is placed {starts_in:.0f} s after the tap", placed)
    slot = rig.Slot(placed["slot"], placed["start_us"] / 1e6)
    wait_until(lambda: time.time() > slot.at_s, starts_in + 30, "its minute")
    rows = town.wait_verdicts(slot, 1)
    tap.ok(rows[0]["zone"] == "mot-a" and rows[0]["state"] == "delivered",
           "it is delivered, in that village alone", rows)
    tap.ok(town.is_whole("xa-mot", slot), "every second of it was heard, in its place",
           town.stairs("xa-mot", slot))
    heard = town.editor.loactl("announcement", "heard", sent["id"])["heard"]
    tap.ok([(h["village"], h["language"], h["times"]) for h in heard] == [("mot-a", "vi", 1)],
           "a correction would go there", heard)


if __name__ == "__main__":
    sys.exit(rig.run([notice], STATIONS))
