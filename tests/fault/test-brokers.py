#!/usr/bin/python3
"""test-brokers.py BUILD: a district whose broker somebody else runs.

The scheduler starts none. A mosquitto started from exactly the files that the scheduler wrote
carries a broadcast, dies with all it remembers, and carries the next one.
"""
import subprocess
import sys
import time

import rig
from processes import children_of, free_port
from rig import wait_until

STATIONS = {"xa-mot": [("mot-a", 1)]}
PORT = free_port()


def foreign_broker(town, tap):
    tap.ok(not children_of(town.district.scheduler.pid), "the scheduler runs no broker")
    slot = town.broadcast()
    rows = town.wait_verdicts(slot, 1)
    tap.ok(rows[0]["state"] == "delivered", "a broadcast through a broker from outside", rows)
    tap.ok(town.is_whole("xa-mot", slot), "was heard whole", town.stairs("xa-mot", slot))


def broker_replaced(town, tap):
    version = town.status("xa-mot")["issued_version"]
    town.district.broker.kill()
    slot = town.approve_slot(lead_s=25)
    wait_until(lambda: town.status("xa-mot")["issued_version"] > version, 20, "a new manifest")
    town.district.start_broker()
    town.wait_applied("xa-mot", slot, version)
    rows = town.wait_verdicts(slot, 1)
    tap.ok(rows[0]["state"] == "delivered", "approved without a broker, delivered after it", rows)
    town.wait_settled("xa-mot")
    tap.ok(town.is_chain_whole("xa-mot") and len(town.records(slot)) == 1,
           "each record came once", town.chain_of("xa-mot"))


def stranger(town, tap):
    """The files keep the same people out as on the scheduler's own broker."""
    done = subprocess.run(
        ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(PORT), "--cafile",
         str(town.district.authority), "-t", "#", "-W", "5"],
        capture_output=True, text=True, timeout=60, check=False)
    tap.ok(done.returncode not in (0, 27) and not done.stdout, "no certificate: not connected",
           f"{done.returncode} {done.stdout} {done.stderr}")
    town.technician.loactl("station", "revoke", "xa-mot", "thử")
    wait_until(lambda: "user xa-mot" not in town.district._as(
        "scheduler", "cat", town.district.state / "broker/rights.acl"), 20, "the rights to go")
    town.district.reload_broker()
    player = town.communes["xa-mot"].player
    version = town.status("xa-mot")["state"]["accepted_version"]
    slot = town.approve_slot(lead_s=8)
    deadline = time.monotonic() + slot.end_s - time.time()
    wait_until(lambda: time.monotonic() > deadline, 30, "the slot to be over")
    tap.ok(player.is_running() and not town.stairs("xa-mot", slot, 0) and
           town.status("xa-mot")["state"]["accepted_version"] == version,
           "revoked: its administrator's SIGHUP is enough", town.stairs("xa-mot", slot, 0))


if __name__ == "__main__":
    sys.exit(rig.run([foreign_broker, broker_replaced, stranger], STATIONS,
                     uris=[f"mqtts://127.0.0.1:{PORT}"]))
