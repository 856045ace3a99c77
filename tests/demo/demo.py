#!/usr/bin/python3
"""demo.py [--once] [--audio DEVICE] [--build FOLDER]: a district with three communes on the air.

One Bahnar, one Jrai, one mixed commune with both kinds of village on ONE amplifier. --once does
one broadcast unattended, prints the delivery table and exits with 0 only if everything was
delivered with evidence; otherwise it broadcasts every few minutes until stopped with Ctrl-C.
"""
import argparse
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import facts
from district import Commune, District, Programs, local, meanwhile, speak
from processes import Failed, Users

HERE = pathlib.Path(__file__).resolve().parent
# From approval to the first sample: manifest, audio, warm-up, with some air; on a slow machine
# this part of what the start took.
LEAD_S = 15
LEAD_OF_START = 0.4
AGAIN_S = 180
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PROFILES = {"kong-chro": "coils", "ia-pa": "r421a08", "dak-doa": "ryn408f"}


class Ended(BaseException):
    """Somebody stopped the demo; no handler of ordinary errors may take it for one."""

    def __init__(self, number):
        super().__init__(number)
        self.number = number


def say(text):
    print(f"\033[1m[{time.strftime('%H:%M:%S')}]\033[0m {text}", flush=True)


def explain_users(district):
    if district.users.can_separate:
        say("each daemon runs under a user of its own, none as root")
    else:
        say("no root and no sudo without a password here: all daemons run as "
            f"{os.environ.get('USER', os.geteuid())}, so the demo cannot show them separated")


def make_places(district):
    admin = district.admin
    for area, name, code in facts.COMMUNES:
        admin.loactl("area", "put", area, "commune", f"Xã {name}", "--parent", district.area,
                     "--code", code)
    for area, name, commune in facts.VILLAGES:
        admin.loactl("area", "put", area, "village", name, "--parent", commune)
    admin.loactl("windows", "set", district.area, "mon-sun 00:00-24:00")


def make_people(district):
    people = {}
    for login, name, role in facts.ACCOUNTS:
        people[role] = district.account(login, name, f"{role}@{district.area}")
        say(f"  {role:<11} {login:<11} {people[role].password}")
        phone = people[role].phone
        if phone:
            say(f"              its second factor, for an authenticator app: {phone.secret}")
            say(f"              or a recovery code, each once: {'  '.join(phone.recovery[:3])}")
    return people


def make_communes(district, technician, device):
    communes = []
    for station, name, _ in facts.COMMUNES:
        zones = [z[1:] for z in facts.ZONES if z[0] == station]
        commune = Commune(district, station, zones, PROFILES[station],
                          device if not communes else None)
        commune.describe(technician, f"Đài {name}")
        commune.start(technician)
        communes.append(commune)
        say(f"  {name}: {PROFILES[station]} board on port {commune.board_port}, "
            f"{len(zones)} zones, enrolled and playing")
    return communes


def make_announcement(district, people):
    """Recorded in three languages, checked by a reader; a second person listens, and approves."""
    words = []
    for language, voice, speed, script in facts.VERSIONS:
        audio, text = (district.folder / f"{language}.{ending}" for ending in ("wav", "txt"))
        speak(voice, speed, script, audio)
        text.write_text(script)
        words += ["--version", f"{language}={audio}", "--script", f"{language}={text}"]
    number, issuer = facts.SOURCE
    today = time.strftime("%Y-%m-%d")
    made = people["editor"].loactl(
        "announcement", "add", facts.TITLE, "--no-state-secret", "--home", district.area, "--source-number", number,
        "--source-issuer", issuer, "--source-date", today, "--valid-until", "2199-01-01",
        "--announcer", "Giọng máy thử nghiệm", *words)
    for version in made["versions"]:
        people["reviewer"].loactl("version", "check", version["id"], "--no-state-secret")
    approved = meanwhile(lambda: [people["approver"].approve(one["id"])
                                  for one in made["versions"]])
    return made["id"], approved


def broadcast(district, people, announcement, number, lead_s):
    """A slot @lead_s from now; returns when it begins, seconds since 1970."""
    at_s = int(time.time()) + lead_s
    date, clock = local(at_s)
    playlist = people["editor"].loactl("playlist", "add", f"Chương trình thử {number}", "--home",
                                       district.area, f"announcement:{announcement}")
    slot = people["editor"].loactl(
        "slot", "add", f"Buổi phát thử {number}", "--home", district.area, "--playlist",
        playlist["id"], "--date", date, "--at", clock, "--to", district.area, "--policy", "each")
    people["approver"].loactl("slot", "approve", slot["id"])
    say(f"approved: on the air at {clock} in {len(facts.ZONES)} villages")
    return at_s


def follow(district, people, date):
    """Prints what sounds until every village's verdict is final."""
    shown = {}
    deadline = time.monotonic() + 180

    def is_final():
        status = people["editor"].loactl("status")
        for station in status["stations"]:
            sounding = station.get("heartbeat", {}).get("sounding", [])
            text = "; ".join(f"{s.get('language', '-')} -> {', '.join(s['zones'])}"
                             for s in sounding)
            if text != shown.get(station["station"], ""):
                shown[station["station"]] = text
                say(f"  {station['station']:<10} {text or 'silent again'}")
        rows = people["editor"].loactl("delivery", "--date", date)["deliveries"]
        return rows and all(row["state"] not in ("waiting", "no_contact") for row in rows)

    while not is_final():
        if time.monotonic() > deadline:
            raise Failed("the verdicts did not come in within three minutes")
        time.sleep(0.5)


def show_delivery(people, date):
    done = people["editor"].run("delivery", "--date", date, "--check", out=None)
    print(done.stdout, flush=True)
    return done.returncode == 0


def tell_where(district):
    """Where to look and what to try, in another terminal, while the demo runs."""
    today = time.strftime("%Y-%m-%d")
    tee = "sudo tee" if district.users.prefix else "tee"
    say("look around from another terminal (this demo district allows sound from 00:00 to 24:00):")
    print(f"    export PATH={district.programs.loactl.parent}:$PATH\n"
          f"    export LOACTL_SESSION={district.folder}/session-bien-tap    # the editor, signed in\n"
          f"    loactl status                       what each station holds, plays and lacks\n"
          f"    loactl preview dak-doa {today}   what one commune hears today, village by village\n"
          f"    loactl delivery                     what was heard, with the evidence\n"
          f"    loactl slot list                    the broadcasts; loactl slot stop ID ends one at once\n"
          f"  as somebody else, with a password from above:\n"
          f"    LOACTL_SESSION={district.folder}/mine loactl sign-in LOGIN --url {district.url} "
          f"--authority {district.authority}\n"
          f"  make a relay board go silent ('off' brings it back), and see it in the status:\n"
          f"    echo 1 silent on | {tee} {district.folder}/dak-doa/cabinet/control\n"
          f"  logs: {district.folder}/*.log (one a daemon), state below {district.folder}/", flush=True)


def run(options, folder):
    started = time.monotonic()
    district = District(Programs(options.build), folder, facts.GROUP[0], facts.GROUP[1])
    try:
        explain_users(district)
        district.start()
        say(f"district up at {district.url}")
        make_places(district)
        say("accounts, with passwords made for this demo:")
        people = make_people(district)
        announcement, approved = make_announcement(district, people)
        say("communes:")
        make_communes(district, people["technician"], options.audio)
        approved.result()
        say(f"'{facts.TITLE}': three languages recorded (a placeholder voice, labelled as a test), "
            "checked, approved")
        number = 1
        lead_s = max(LEAD_S, int(LEAD_OF_START * (time.monotonic() - started)))
        at_s = broadcast(district, people, announcement, number, lead_s)
        say(f"first sound {at_s - time.time() + time.monotonic() - started:.0f} s "
            "after the start of the demo")
        if not options.once:
            tell_where(district)
        while True:
            date, _ = local(at_s)
            follow(district, people, date)
            is_complete = show_delivery(people, date)
            if options.once:
                return 0 if is_complete else 1
            say(f"again in {AGAIN_S} s; stop with Ctrl-C")
            time.sleep(AGAIN_S)
            number += 1
            at_s = broadcast(district, people, announcement, number, lead_s)
    finally:
        # A second Ctrl-C must not leave half of it behind.
        for number in ENDS:
            signal.signal(number, signal.SIG_IGN)
        say("stopping")
        district.stop()


def on_end(number, _frame):
    """Ctrl-C, a kill, a closed terminal: all end in order, and only once."""
    for other in ENDS:
        signal.signal(other, signal.SIG_IGN)
    if number == signal.SIGHUP:
        # Nobody reads any more, and a write to a terminal that is gone would fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
    raise Ended(number)


def conclude(code, folder):
    """What becomes of the folder; returns the status to end with."""
    if code == 0:
        Users().remove(folder)
    else:
        say(f"the logs are kept in {folder}")
    return code


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--once", action="store_true", help="one broadcast, then the verdict")
    parser.add_argument("--audio", metavar="DEVICE", help="ALSA device to hear the first commune")
    parser.add_argument("--build", default=HERE.parents[1] / "build", help="build folder")
    options = parser.parse_args()
    # The district's local time, whatever this machine's is.
    os.environ["TZ"] = "Asia/Ho_Chi_Minh"
    time.tzset()
    for number in ENDS:
        signal.signal(number, on_end)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="loa-demo-"))
    try:
        code = run(options, folder)
        if code:
            say("not everything was delivered")
    except Ended as end:
        say("stopped; nothing of it is left behind")
        Users().remove(folder)
        return 0 if end.number == signal.SIGINT else 128 + end.number
    except (Failed, OSError, subprocess.SubprocessError) as failure:
        say(f"failed: {failure}")
        code = 1
    return conclude(code, folder)


if __name__ == "__main__":
    sys.exit(main())
