"""rows.py - what the measurement programs print, as rows of one table.

A row: name, what, bound (a number), unit, value, sense ("at most"), ok, samples, peer (words).
"""


class Skipped(Exception):
    """This machine lacks something that only this measurement needs; the words say what."""


def row(name, what, bound, unit, value, samples=1, peer=""):
    """One figure against its bound; a value of None was not measured and is not ok."""
    return {"name": name, "what": what, "bound": bound, "unit": unit, "value": value,
            "ok": value is not None and value <= bound, "samples": samples, "peer": peer}


def plan(said):
    return [
        row("plan-all", f"plan core: {said['stations']} stations × {said['days']} days × "
            f"{said['segments'] // said['stations'] // said['days']} segments, best of 5", 0.5,
            "s", said["all_s"], 5),
        row("plan-one", "plan core: one slot of one station, best of 5", 5, "ms", said["one_station_ms"], 5),
    ]


def segments(load, words, said):
    n = said["segments"]
    broken = said["gaps"] + said["missing"] + said["frames_altered"] + said["xruns"]
    return [
        row(f"start-error-{load}", f"start error at the PCM, {n} segments, test card, {words}: p99",
            1000, "µs",
            said["p99_us"], n),
        row(f"gaps-{load}", f"start error at the PCM, {words}: lost, gaps inside a block, altered "
            "frames", 0, "", broken, n),
    ]


def output(said):
    rows = segments("idle", "idle", said["idle"]) + \
        segments("busy", "all cores busy", said["busy"])
    minute = said["minute"] or {"rss_max_kib": None, "cpu_s": None}
    rss_mib = minute["rss_max_kib"] and round(minute["rss_max_kib"] / 1024, 1)
    return rows + [
        row("output-rss", "writer and decoder alone while playing: RSS", 28, "MiB", rss_mib),
        row("output-cpu", "writer and decoder alone while playing: CPU a minute", 0.6, "s",
            minute["cpu_s"]),
    ]


def alert(said):
    """What bench-alert found; spans in µs."""
    what = "inside the player"
    rows = [("alert-first", f"{what}: verified alert in hand → first sample, while a programme "
             "plays, test card: most", 20, "first_us"),
            ("alert-silent", f"{what}: stop → silence at the PCM: most", 1000, "silent_us"),
            ("alert-open", f"{what}: stop → relays open, simulated board: most", 1000,
             "open_us")]
    return [row(name, words, bound, "ms", round(max(said[key]) / 1000, 1), len(said[key]))
            for name, words, bound, key in rows]


def button(line, press):
    """What bench-button found on a serial line, and bench-press at whole stations; spans in µs."""
    apart_us = (press["warm_up_ms"] + press["cancel_ms"]) * 1000
    cost_us = percentile(line["closed_us"], 0.5) - percentile(line["closed_before_us"], 0.5)
    figures = [
        ("button-known", "button: contact → known to the player, board on a 9600 baud line: p99",
         300, percentile(line["idle_us"], 0.99), len(line["idle_us"])),
        ("button-busy", "button: the same while four relays of its board are switched: p99", 300,
         percentile(line["busy_us"], 0.99), len(line["busy_us"])),
        ("button-cost", "button: what reading it adds to closing four relays, 9600 baud: median",
         20, cost_us, len(line["closed_us"])),
        ("button-sound", "button, district down: cancel window over → first sample, warm-up apart, "
         "test card: most", 300, max(press["sound_us"]) - apart_us, len(press["sound_us"])),
    ]
    return [row(name, words, bound, "ms", round(us / 1000, 1), n)
            for name, words, bound, us, n in figures]


def page(said):
    """What bench-page found; spans in µs."""
    return [row("page-first", "local page, district down: call over HTTPS → first sample, amplifier "
                "warm, test card: most", 300, "ms", round(max(said["first_us"]) / 1000, 1),
                len(said["first_us"])),
            row("page-rss", "loa-page after a sign-in and its calls: RSS", 16, "MiB",
                round(said["page_kib"] / 1024, 1)),
            row("page-player-rss", "loa-player with the page on, after its alerts: RSS", 28, "MiB",
                round(said["player_kib"] / 1024, 1))]


def heard(found):
    """Alerts called through the API of a whole district; spans in seconds (heard.judge())."""
    what = "alert: call in the API →"
    stop = "alert: stop in the API →"
    n_real, n_sim = "3 real players among 200 simulated", "200 simulated players"
    kinds = [("heard-p50", f"{what} first sample at the PCM, {n_real}: p50", 100, "first", 0.5),
             ("heard-p99", f"{what} first sample at the PCM, {n_real}: p99", 500, "first", 0.99),
             ("heard-taken", f"{what} at {n_sim}: p99", 500, "taken", 0.99),
             ("heard-silent", f"{stop} silence at the PCM: most", 1000, "silent", 1),
             ("heard-open", f"{stop} relays open, simulated boards: most", 1000, "opened", 1),
             ("heard-told", f"{stop} at {n_sim}: most", 1000, "told", 1)]
    return [row(name, words, bound, "ms", round(percentile(found[key], share) * 1000, 1),
                len(found[key])) for name, words, bound, key, share in kinds]


def all_players(n_players, came, stopped):
    """Seconds from the call and from the stop until the last player had it, of each alert."""
    kinds = [("alert-all", "alert: call", came), ("stop-all", "alert: stop", stopped)]
    return [row(name, f"{what} in the API → at the last of {n_players} players: most", 1, "s",
                round(max(spans), 2), len(spans)) for name, what, spans in kinds]


def heard_far(lossy, narrow):
    """The same behind bad lines, one for each simulated player."""
    what = "alert: call in the API →"
    kinds = [(lossy, "lossy", "600 ms round trip, 5 % of packets lost", 3),
             (narrow, "narrow", "600 ms round trip, 64 kbit/s", 10)]
    # Of few samples the last percent is the one packet that was lost twice.
    return [row(f"heard-{name}-{key}", f"{what} {words}, {line}: p{share * 100:.0f}", bound, "s",
                round(percentile(found[key], share), 2), len(found[key]))
            for found, name, line, bound in kinds
            for key, words, share in (("first", "first sample at 3 real players", 0.9),
                                      ("taken", "at 200 simulated players", 0.99))]


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def language(said, tail_ms):
    """What language.measure() found; spans in ms."""
    what = "language change on one amplifier"
    n, n_changes = len(said["offs"]), len(said["silences"])
    silence_ms, off_ms = said["switch_ms"] + 300, tail_ms + 1000
    return [
        row("language-unconfirmed", f"{what}: first samples before the relays were confirmed", 0,
            "", said["unconfirmed"], n),
        row("language-silence-p99", f"{what}: silence, switch time + 300 ms: p99", silence_ms,
            "ms", round(percentile(said["silences"], 0.99)), n_changes),
        row("language-silence-max", f"{what}: silence, switch time + 300 ms: most", silence_ms,
            "ms", round(max(said["silences"])), n_changes),
        row("language-off", f"{what}: off after the end, tail + 1 s: most", off_ms, "ms",
            round(max(said["offs"])), n),
        row("language-overlap", f"{what}: sounds in a village of the other language", 0, "",
            said["overlaps"], n),
    ]


def player(cpu_s, rss_mib):
    """A minute of the whole daemon."""
    return [
        row("player-rss", "player while playing, the whole daemon: RSS", 28, "MiB",
            round(rss_mib, 1)),
        row("player-cpu", "player while playing, the whole daemon: CPU a minute", 0.6, "s",
            round(cpu_s, 2)),
    ]


# What kills.py calls a kind of moment, and what it means.
KILLS = {
    "player-killed": "player SIGKILL, socket closed: relays open",
    "player-stopped": "player SIGSTOP: relays open",
    "gateway-killed-timed": "gateway SIGKILL, board with timed-on: relays open",
    "gateway-killed-restarted": "gateway SIGKILL, without timed-on: relays open after the restart",
}


def kills(spans, limits):
    """@spans: {kind: seconds}; of every kind there must have been a moment."""
    total = sum(len(seconds) for seconds in spans.values())
    return [row(f"kill-{kind}", f"{total} kill moments: {words}: most of {len(spans[kind])}",
                limits[kind], "s", round(max(spans[kind]), 3) if spans[kind] else None,
                len(spans[kind])) for kind, words in KILLS.items()]


def publish(said):
    return [row("publish-200", f"plan core: one slot on {said['stations']} stations planned, "
                "hashed, signed, on disk: worst", 1, "s", said["worst_s"], said["rounds"])]


def desk(said):
    matrix = f"{said['zones']} zones × {said['verdicts'] // said['zones']} items"
    return [
        row("search", f"search over {said['announcements']} announcements, median", 30, "ms",
            said["search_ms"], 9),
        row("search_scripts", "a word of all their scripts, and one of a single one, both, median",
            30, "ms", said["scripts_ms"], 9),
        row("delivery", f"delivery matrix of {matrix}, judged in the server, median", 150, "ms",
            said["delivery_ms"], 9),
        row("month", f"month report, {said['counted'] / 1e6:.0f} million verdicts kept, median",
            100, "ms", said["month_ms"], 9),
    ]


def week(said):
    what = "the schedule of 120 zones and 600 bars"
    return [
        row("week-answer", f"{what}: answer over HTTPS, median", 150, "ms",
            round(said["answer_ms"], 1), 14),
        row("week-ready", f"{what}: page ready, median", 300, "ms", round(said["ready_ms"]), 7),
        row("week-drag", f"{what}: a frame while dragging, p95", 30, "ms",
            round(said["frame_p95_ms"], 1), said["n_frames"]),
    ]


def suite(took):
    """@took: seconds of the last run of each suite that ever ran here."""
    words = {"test": ("./dev test, the last whole run", 15),
             "test-sanitize": ("./dev test --sanitize, the last whole run", 25)}
    return [row(name, words[name][0], words[name][1], "min", round(seconds / 60, 1))
            for name, seconds in took.items()]
