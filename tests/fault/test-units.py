#!/usr/bin/python3
"""test-units.py BUILD [UNIT-WALLS]: a district behind the walls of its units, and what it answers.

Without systemd, but as its units start them: the daemons see a /proc of processes only
(ProcSubset=pid), have the variables of Environment=, and no system call that SystemCallFilter=
takes away. A whole broadcast must come through. Then every answer of the API is read from the
running district and judged by an independent reader of docs/openapi.yaml (python3-jsonschema).
"""
import json
import os
import pathlib
import re
import ssl
import sys
import tempfile
import time
import urllib.error
import urllib.request

import jsonschema
import yaml

import rig
from rig import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/systemd"))
import district  # noqa: E402
import walls  # noqa: E402

WALLS = sys.argv[2] if len(sys.argv) > 2 else None
STATION, ZONE = "xa-mot", "mot-a"
DAEMONS = ("scheduler", "gateway", "player")
BOOT_ID = "/proc/sys/kernel/random/boot_id"


def unit_of(name):
    """The unit whose daemon is called @name here; None for boards and ordinary commands."""
    kind = name.rsplit("-", 1)[-1]
    return ROOT / f"systemd/loa-{kind}.service" if kind in DAEMONS else None


class UnitUsers(district.Users):
    """Starts what has a unit as the unit would."""

    folder = None  # of the lists of system calls

    def command(self, name, argv):
        unit, argv = unit_of(name), list(argv)
        if unit is None or not self.can_separate or argv[:2] != ["env", "-i"]:
            return super().command(name, argv)
        text = unit.read_text()
        boot = pathlib.Path(BOOT_ID).read_text().strip().replace("-", "")
        given = [line.replace("%b", boot) for line in re.findall(r"^Environment=(.*)$", text, re.M)]
        words = super().command(name, [*self._walls(unit), "/usr/bin/env", "-i", *given, *argv[2:]])
        if not re.search(r"^ProcSubset=pid$", text, re.M):
            return words
        inside = 'mount -t proc -o subset=pid proc /proc && exec "$@"'
        at = len(self.prefix)
        return [*words[:at], "unshare", "-m", "sh", "-c", inside, "sh", *words[at:]]

    def _walls(self, unit):
        if WALLS is None:
            return []
        names = pathlib.Path(self.folder) / f"{unit.stem}.calls"
        if not names.exists():
            names.write_text("\n".join(sorted(walls.allowed(unit))) + "\n")
        return [WALLS, str(names)]


def test_broadcast(town, tap):
    if not town.district.users.can_separate:
        tap.skip("a broadcast behind the walls", "only root may mount a /proc of processes")
        return
    player = pathlib.Path(f"/proc/{town.communes[STATION].player.pid}")
    hidden = not (player / "root/proc/sys").exists()
    tap.ok(hidden, "the player's /proc has no kernel files in it")
    slot = town.broadcast()
    rows = town.wait_verdicts(slot, 1)
    tap.ok([row["state"] for row in rows] == ["delivered"], "what was planned is delivered", rows)


# --- the page ---

class Page:
    """docs/openapi.yaml, as a program that knows nothing of ours reads it."""

    def __init__(self):
        self.text = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text(encoding="utf-8"))

    def complain(self, path, answer):
        """What the page does not say of an answer to GET @path; None if it says all of it."""
        success = self.text["paths"][path]["get"]["responses"]["200"]
        schema = success["content"]["application/json"]["schema"]
        whole = {**schema, "components": self.text["components"]}
        worst = jsonschema.exceptions.best_match(
            jsonschema.Draft202012Validator(whole).iter_errors(answer))
        return worst and f"{path}: {worst.json_path}: {worst.message}"


class Reader:
    """An administrator with a bearer token, over plain HTTPS."""

    def __init__(self, of):
        self.url = of.url
        self.context = ssl.create_default_context(cafile=of.authority)
        self.token = None
        self.token = self.ask("POST", "/api/session", {
            "login": "quan-tri", "password": of.admin_password})["token"]

    def ask(self, method, path, body=None):
        request = urllib.request.Request(
            self.url + path, method=method, data=json.dumps(body).encode() if body else None,
            headers={"Content-Type": "application/json",
                     **({"Authorization": f"Bearer {self.token}"} if self.token else {})})
        with urllib.request.urlopen(request, context=self.context, timeout=60) as answer:
            return json.load(answer)


# Of what nobody has made in this town: web-alerts, web-cap, web-offers, web-uploads.
TOLD_ELSEWHERE = {"/api/alerts/{alert}", "/api/alert-imports/{import}", "/api/offers/{offer}",
                  "/api/offers/{offer}/areas/{area}/times", "/api/uploads/{upload}",
                  "/api/messenger-tasks/{task}", "/api/programmes/{programme}", "/api/alert-templates/{template}"}


def ids_of(reader):
    """Something for each {name} of a path."""
    announcement = reader.ask("GET", "/api/announcements")["announcements"][0]["id"]
    whole = reader.ask("GET", f"/api/announcements/{announcement}")
    return {"announcement": announcement, "version": whole["versions"][0]["id"],
            "area": rig.AREA, "station": STATION,
            "account": reader.ask("GET", "/api/accounts")["accounts"][0]["id"],
            "playlist": reader.ask("GET", "/api/playlists")["playlists"][0]["id"],
            "slot": reader.ask("GET", "/api/slots")["slots"][0]["id"]}


def query_of(path, area, date):
    """What a path cannot be asked for without."""
    if path.endswith(("/delivery", "/preview")):
        return f"?date={date}"
    if path.endswith("/figures"):
        return f"?from={date}&to={date}&by=village"
    if path.endswith("/programme"):
        return f"?from={date}"
    return f"?area={area}&from={date}" if path == "/api/plan" else ""


def test_answers(town, tap):
    page, reader = Page(), Reader(town.district)
    if not reader.ask("GET", "/api/slots")["slots"]:
        town.broadcast()
    wait_until(lambda: town.status(STATION).get("heartbeat"), 30, "a heartbeat")
    known, date = ids_of(reader), rig.local(time.time())[0]
    complaints, left, count = [], [], 0
    for path, methods in page.text["paths"].items():
        read = methods.get("get", {}).get("responses", {}).get("200", {})
        if not path.startswith("/api/") or "application/json" not in read.get("content", {}):
            continue
        if not set(re.findall(r"{(\w+)}", path)) <= known.keys():
            left.append(path)
            continue
        count += 1
        try:
            answer = reader.ask("GET", path.format(**known) + query_of(path, known["area"], date))
        except urllib.error.HTTPError as refusal:
            complaints.append(f"{path}: {refusal.read()}")
            continue
        complaints.append(page.complain(path, answer))
    tap.ok(count > 15 and not any(complaints), f"{count} answers are what the page says",
           [words for words in complaints if words])
    tap.ok(set(left) == TOLD_ELSEWHERE, "all others are told elsewhere", left)
    lie = reader.ask("GET", "/api/status")
    lie["stations"][0]["heartbeat"]["mood"] = "fine"
    tap.ok("mood" in (page.complain("/api/status", lie) or ""), "a lie would be noticed")
    try:
        reader.ask("GET", "/api/areas/there-is-none")
        tap.ok(False, "what is not there is refused")
    except urllib.error.HTTPError as refusal:
        problem = {"$ref": "#/components/schemas/Problem", "components": page.text["components"]}
        jsonschema.validate(json.load(refusal), problem, jsonschema.Draft202012Validator)
        tap.ok(refusal.code == 404, "a refusal is what the page says")


def test_page(_town, tap):
    page = Page().text
    schemas = page["components"]["schemas"]
    for name, schema in schemas.items():
        jsonschema.Draft202012Validator.check_schema(schema)
        if not re.fullmatch(r"[A-Za-z0-9._-]+", name):
            tap.ok(False, f"'{name}' is no name of a component")
    text = (ROOT / "docs/openapi.yaml").read_text(encoding="utf-8")
    written = re.findall(r"^    ([A-Za-z0-9-]+):$", text[text.index("\n  schemas:"):], re.M)
    used = set(re.findall(r"#/components/schemas/([^'\"]+)'", text))
    tap.ok(len(written) == len(set(written)) == len(schemas), "each schema stands there once")
    tap.ok(used == set(schemas), "each schema is named somewhere, and each name is there",
           used ^ set(schemas))
    for path, methods in page["paths"].items():
        for method, row in methods.items():
            names = {p["name"] for p in row.get("parameters", []) if p["in"] == "path"}
            if names != set(re.findall(r"{(\w+)}", path)):
                tap.ok(False, f"{method} {path}: its parameters are {names}")


def main():
    district.Users = UnitUsers
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        UnitUsers.folder = folder
        return rig.run([test_broadcast, test_answers, test_page], {STATION: [(ZONE, 1)]})


if __name__ == "__main__":
    sys.exit(main())
