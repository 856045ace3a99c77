#!/usr/bin/python3
"""test-alert-heard.py BUILD: an alert from the call to the loudspeakers, and everything in its way."""
import sys
import time

import rig
from phrases import record_phrase
from rig import wait_until

STATIONS = {"xa-mot": [("mot-a", 1), ("mot-b", 2)]}
WORDS_HZ, WORDS_S, TONE_S = 1500, 4, 4
REPEATS, GAP_S = 3, 2  # of the template for a false alarm
DONE_S = REPEATS * (TONE_S + WORDS_S + GAP_S) + 20


def templates_kept(town, tap):
    """The manifest names the templates; the player says when their audio is here."""
    record_phrase(town, "xa-mot", "cb-nham-1", WORDS_HZ, WORDS_S)
    record_phrase(town, "xa-mot", "cb-dien-tap", 1200, 2)
    tap.ok(True, "the templates are at the station before anybody needs them")


def call(town, *words, area="xa-mot"):
    """Returns: id of the alert, when it was called (UTC s)."""
    at_s = time.time()
    return town.approver.loactl("alert", "call", "bao-nham", "--area", area, *words)["id"], at_s


def zones(town, alert):
    answer = town.approver.loactl("alert", "state", alert)
    return {z["zone"]: (z["state"], z["reason"]) for z in answer["zones"]}


def wait_state(town, alert, states, seconds=40):
    wait_until(lambda: {s for s, _ in zones(town, alert).values()} <= set(states), seconds,
               f"the alert to be {'/'.join(states)}")
    return zones(town, alert)


def sounds(town, since_s):
    """(seconds since then, seconds long, Hz) of each sound that began after @since_s."""
    return [((s["from_utc_us"] / 1e6) - since_s, s["duration_us"] / 1e6, s["hz"])
            for s in town.communes["xa-mot"].heard() if s["from_utc_us"] / 1e6 > since_s]


def words_heard(town, since_s):
    """A card that starved on a busy machine has cut a sound in two: they are one."""
    heard = []
    for at_s, long_s, hz in sounds(town, since_s):
        if abs(hz - WORDS_HZ) >= 100:
            continue
        if heard and at_s - heard[-1][0] - heard[-1][1] < 0.5:
            at_s, long_s = heard[-1][0], at_s + long_s - heard.pop()[0]
        heard.append((at_s, long_s, hz))
    return heard


def last_opened(town, since_monotonic):
    """Seconds until the last relay opened; -1: one is closed."""
    last = {}
    for relay, is_on, at_us in town.communes["xa-mot"].coils():
        last[relay] = (is_on, at_us / 1e6 - since_monotonic)
    return -1 if any(is_on for is_on, _ in last.values()) else max(at for _, at in last.values())


def over_the_programme(town, tap):
    slot = town.broadcast()
    town.wait_heard("xa-mot", slot, 2)
    alert, called_s = call(town)
    wait_until(lambda: sounds(town, called_s + 0.05), 20, "the first sound after the call")
    wait_until(lambda: words_heard(town, called_s), 30, "its words")
    tap.ok(sounds(town, called_s)[0][0] < 5, "it sounds within seconds, signing in and all",
           sounds(town, called_s)[:3])
    cut_s = max(s["to_s"] for s in town.stairs("xa-mot", slot)) + slot.at_s - called_s
    tap.ok(cut_s < 5, f"the programme was cut {cut_s:.2f} s after the call")
    state = wait_state(town, alert, ("done",), DONE_S)
    tap.ok(all(s == ("done", "none") for s in state.values()) and len(state) == 2,
           "every village has heard it to its end", state)
    heard = words_heard(town, called_s)
    tap.ok(len(heard) == REPEATS and all(abs(s[1] - WORDS_S) < 0.5 for s in heard),
           f"its words were heard {REPEATS} times, whole", heard)
    gaps = [b[0] - a[0] - a[1] for a, b in zip(heard, heard[1:])]
    tap.ok(all(abs(gap - GAP_S - TONE_S) < 1.5 for gap in gaps),
           "each time after its signal", gaps)
    began = town.district.query(
        "SELECT max(json_extract(raw, '$.actual_start_us') - json_extract(raw, "
        "'$.planned_start_us')) / 1000 AS ms FROM records WHERE kind = 'started' AND "
        f"json_extract(raw, '$.occurrence') = '{alert}'")
    tap.ok(0 < began[0]["ms"] < 1000,
           f"first sample {began[0]['ms']} ms after the district had signed it", began)
    rows = town.wait_verdicts(slot, 2)
    tap.ok(all(r["state"] == "partial" and r["reason"] == "displaced" for r in rows),
           "the delivery says what displaced the programme", rows)


def stopped(town, tap):
    alert, called_s = call(town)
    wait_until(lambda: words_heard(town, called_s), 30, "its words")
    told_s, told = time.time(), time.monotonic()
    town.approver.loactl("alert", "stop", alert)
    state = wait_state(town, alert, ("stopped",))
    tap.ok(len(state) == 2, "both villages say that it was stopped", state)
    wait_until(lambda: last_opened(town, told) >= 0, 10, "open relays")
    silent_s = max(s[0] + s[1] for s in sounds(town, called_s)) - (told_s - called_s)
    tap.ok(silent_s <= 1.5, f"silence {silent_s:.2f} s after the stop was asked for")
    tap.ok(last_opened(town, told) <= 2.5,
           f"every relay open {last_opened(town, told):.2f} s after it")


def killed_while_it_sounds(town, tap):
    """Again from its signal on, and to its end."""
    alert, called_s = call(town)
    wait_until(lambda: words_heard(town, called_s), 30, "its words")
    commune = town.communes["xa-mot"]
    commune.player.kill()
    killed_s = time.time()
    commune.start_player()
    state = wait_state(town, alert, ("done",), DONE_S + 20)
    tap.ok(len(state) == 2, "it went on after the player was killed, to its end", state)
    again = sounds(town, killed_s)
    tap.ok(again[0][2] != WORDS_HZ and len(words_heard(town, killed_s)) == REPEATS,
           "from its signal on", again[:4])
    taken = town.district.query("SELECT zone, kind, count(*) AS n FROM records WHERE "
                                f"json_extract(raw, '$.occurrence') = '{alert}' AND kind IN "
                                "('alert_taken', 'alert_ended') GROUP BY zone, kind")
    tap.ok(len(taken) == 4 and all(r["n"] == 1 for r in taken),
           "each village was told of once, taken and ended", taken)


def while_away(town, tap):
    """The player is off when it is called; it sounds on return, since it is still in force."""
    commune = town.communes["xa-mot"]
    commune.player.stop()
    alert, called_s = call(town)
    before = zones(town, alert)
    commune.start_player()
    state = wait_state(town, alert, ("done",), DONE_S + 30)
    tap.ok(not any(s == "done" for s, _ in before.values()) and len(state) == 2,
           "an alert of a station that was away sounds when it is back", [before, state])
    tap.ok(len(words_heard(town, called_s)) == REPEATS, "once, with all its repeats",
           words_heard(town, called_s))


def drill(town, tap):
    """It says so before and after, and has another signal."""
    called_s = time.time()
    alert = town.approver.loactl("alert", "drill", "bao-nham", "--area", "xa-mot")["id"]
    state = wait_state(town, alert, ("done",), DONE_S + 30)
    tap.ok(len(state) == 2, "a drill is heard to its end", state)
    said = [round(s[2], -2) for s in sounds(town, called_s) if s[1] > 1]
    tap.ok(said[:3] == [1200, 1500, 1200], "it says before and after that it is one", said)
    pips = [s for s in sounds(town, called_s) if 0.1 < s[1] < 0.2 and abs(s[2] - 1000) < 60]
    tap.ok(len(pips) >= 3 and pips[0][0] < 5, "its signal is pips, no gong", pips[:4])


if __name__ == "__main__":
    sys.exit(rig.run([templates_kept, over_the_programme, stopped, killed_while_it_sounds,
                      while_away, drill], STATIONS))
