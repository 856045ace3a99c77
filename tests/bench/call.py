"""call.py - an alert from the API to the station, with the real daemons.

What the district notes when it has given an alert to its broker, and what the player writes when
it has verified it, against the instant of the call; one clock, for they are on one machine.
"""
import rows
import town

N_CALLS = 40
STATION = "xa-noi"
PHRASE, TEMPLATE = "cb-nham-1", "bao-nham"


def record_phrase(place):
    audio = place.folder / "phrase.wav"
    town.write_tone(audio, 500, 1)
    place.editor.loactl("alert", "standard", town.rig.AREA)
    phrases = place.editor.loactl("alert", "phrases")["phrases"]
    version = next(one["version"] for one in phrases if one["phrase"] == PHRASE)
    place.editor.loactl("version", "record", version, audio)
    place.reviewer.loactl("version", "check", version)
    place.approver.loactl("version", "approve", version)


def one_call(place):
    """Returns: (given to the broker, verified at the station), µs after the call"""
    alert = place.approver.loactl("alert", "call", TEMPLATE, "--area", town.rig.AREA)["id"]
    found = {}

    def is_taken():
        found.update(place.approver.loactl("alert", "state", alert))
        return found["published_us"] and all(zone["taken_us"] for zone in found["zones"])
    town.rig.wait_until(is_taken, 30, "the station to take the alert")
    place.approver.loactl("alert", "stop", alert)
    return (found["published_us"] - found["issued_us"],
            max(zone["taken_us"] for zone in found["zones"]) - found["issued_us"])


def call(build, n_calls=N_CALLS):
    wanted = {STATION: town.Station([("lang-mot", ["vi"], 1)])}
    with town.Town(build, wanted) as place:
        record_phrase(place)
        town.rig.wait_until(
            lambda: place.status(STATION).get("heartbeat", {}).get("missing_objects") == 0 and
            place.is_current(STATION), 60, "the station to hold the phrase")
        spans = [one_call(place) for _ in range(n_calls)]
    return rows.call([out for out, _ in spans], [taken for _, taken in spans])


# name, function, time-out in seconds
MEASUREMENTS = [("call", call, 180)]
