"""language.py - two languages on one amplifier: what stands between them, and who hears what.

A commune with a Bahnar and a Jrai village on one amplifier plays a chain of short items, each in
both languages. The sound card says when each sounded, the relay board when each village was
switched; the player's own records say when it had the relays confirmed.
"""
import subprocess

import rows
import town

N_ITEMS = 12
ITEM_S = 2
LEAD_S = 12
STATION = "xa-hai-tieng"
#  language, Hz, zone, relay
SPOKEN = [("bdq", 500, "lang-bahnar", 1), ("jra", 1000, "lang-jrai", 2)]


def zone_of(sound):
    """The row of SPOKEN that this sound is of."""
    return min(SPOKEN, key=lambda row: abs(row[1] - sound["hz"]))


def intervals(coils, relay, shift_us):
    """When a relay was closed, UTC µs."""
    closed, since = [], None
    for number, is_on, at_us in coils:
        if number != relay or is_on == (since is not None):
            continue
        if is_on:
            since = at_us + shift_us
        else:
            closed.append((since, at_us + shift_us))
            since = None
    return closed


def judge(sounds, coils, records, shift_us):
    """Figures of one chain of sounds; spans in ms.

    @sounds: what the card played, in order; @records: of the segments played, in order.
    """
    said = {"silences": [], "offs": [], "unconfirmed": 0, "overlaps": 0}
    closed = {relay: intervals(coils, relay, shift_us) for _, _, _, relay in SPOKEN}
    for number, sound in enumerate(sounds):
        language, _, zone, relay = zone_of(sound)
        begin, end = sound["from_utc_us"], sound["from_utc_us"] + sound["duration_us"]
        own = [c for c in closed[relay] if c[0] <= begin and c[1] >= end]
        # A record belongs to the sound that began soon after its read-back.
        told = [r for r in records if r["zone"] == zone and r.get("relay") == "closed" and
                r["relay_read_us"] <= begin < r["relay_read_us"] + 2 * ITEM_S * 1e6]
        said["unconfirmed"] += not (own and told)
        said["offs"] += [(c[1] - end) / 1e3 for c in own]
        said["overlaps"] += any(c[0] < end and c[1] > begin for other in closed
                                if other != relay for c in closed[other])
        if number > 0 and zone_of(sounds[number - 1])[0] != language:
            before = sounds[number - 1]
            said["silences"].append((begin - before["from_utc_us"] - before["duration_us"]) / 1e3)
    return said


def switch_ms(commune):
    """What the gateway itself says a switch takes: from asked to confirmed."""
    done = subprocess.run([commune.district.programs.gateway, "check", "--config",
                           commune.gateway_config], capture_output=True, text=True, timeout=20,
                          check=True)
    return max(int(line.split("switch time ")[1].split()[0]) for line in done.stdout.splitlines()
               if "switch time " in line)


def on_air(place, n_items):
    """Plays the chain. Returns: sounds, coils and records of it"""
    audio = {}
    for language, hz, _, _ in SPOKEN:
        audio[language] = place.folder / f"{language}.wav"
        town.write_tone(audio[language], hz, ITEM_S)
    item = place.announce("Hai tiếng", **audio)
    slot = place.put_on_air([item] * n_items, LEAD_S)
    commune = place.communes[STATION]
    verdicts = place.wait_verdicts(slot, n_items * len(SPOKEN),
                                   seconds=60 + n_items * len(SPOKEN) * (ITEM_S + 2))
    bad = [r for r in verdicts if r["state"] != "delivered"]
    if bad:
        raise RuntimeError(f"{len(bad)} of {len(verdicts)} segments were not delivered: "
                           f"{bad[0].get('reason')} {bad[0].get('details', '')}")
    town.rig.wait_until(lambda: not any(last_words(commune)), 30, "the relays to open")
    return ([s for s in commune.heard() if s["duration_us"] > ITEM_S * 5e5], commune.coils(),
            place.records(slot))


def last_words(commune):
    """Whether each relay is closed, as the board said last."""
    now = {}
    for relay, is_on, _ in commune.coils():
        now[relay] = is_on
    return now.values()


def measure(build, n_items=N_ITEMS):
    """One chain of @n_items, each in both languages. Returns: figures, and the switch time"""
    wanted = {STATION: town.Station([(zone, [language], relay)
                                     for language, _, zone, relay in SPOKEN])}
    with town.Town(build, wanted) as place:
        sounds, coils, records = on_air(place, n_items)
        said = judge(sounds, coils, records, town.utc_of_monotonic_us())
        said["switch_ms"] = switch_ms(place.communes[STATION])
    if len(sounds) != n_items * len(SPOKEN):
        raise RuntimeError(f"{len(sounds)} sounds of {n_items * len(SPOKEN)} segments")
    return said


def language(build):
    return rows.language(measure(build), town.TAIL_MS)


# name, function, time-out in seconds
MEASUREMENTS = [("language", language, 240)]
