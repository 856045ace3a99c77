"""rows.py - what the measurement programs print, as rows of one table.

A row: name, what, bound (a number), unit, value, sense ("at most"), ok, samples, peer (words).
"""


def row(name, what, bound, unit, value, samples=1, peer=""):
    """One figure against its bound; a value of None was not measured and is not ok."""
    return {"name": name, "what": what, "bound": bound, "unit": unit, "value": value,
            "ok": value is not None and value <= bound, "samples": samples, "peer": peer}


def plan(said):
    return [
        row("plan-all", f"plan core: {said['stations']} stations × {said['days']} days, "
            f"{said['segments']} segments", 0.5, "s", said["all_s"], 5),
        row("plan-one", "plan core: one slot of one station", 5, "ms", said["one_station_ms"], 5),
    ]


def segments(load, said):
    n = said["segments"]
    broken = said["gaps"] + said["missing"] + said["frames_altered"] + said["xruns"]
    return [
        row(f"start-error-{load}", f"start error at the PCM, {n} segments, {load}: p99", 1000, "µs",
            said["p99_us"], n),
        row(f"gaps-{load}", f"gaps, lost segments, altered frames, {load}", 0, "", broken, n),
    ]


def output(said):
    rows = segments("idle", said["idle"]) + segments("busy", said["busy"])
    minute = said["minute"] or {"rss_max_kib": None, "cpu_s": None}
    rss_mib = minute["rss_max_kib"] and round(minute["rss_max_kib"] / 1024, 1)
    return rows + [
        row("output-rss", "output core alone while playing: memory", 28, "MiB", rss_mib),
        row("output-cpu", "output core alone while playing: CPU a minute", 0.6, "s",
            minute["cpu_s"]),
    ]


# What the gateway program calls a kind of kill, and what it means.
KILLS = {
    "closed_socket": "player killed, socket closed: relays open",
    "stopped": "player stopped (SIGSTOP): relays open",
    "gateway_timed": "gateway killed, board with timed-on: relays open",
    "gateway_restarted": "gateway killed, plain board: relays open after the restart",
}


def gateway(said):
    return [row(f"kill-{kind.replace('_', '-')}", words, said[kind]["limit_ms"], "ms",
                said[kind]["max_ms"], said[kind]["moments"])
            for kind, words in KILLS.items() if kind in said]


def publish(said):
    return [row("publish-200", f"one daily slot on {said['stations']} stations with 60 segments a "
                "day: planned, hashed, signed, on disk: worst", 1, "s", said["worst_s"],
                said["rounds"])]
