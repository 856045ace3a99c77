#!/usr/bin/python3
"""check-upkeep.py ROOT BUILD: commands of loa-scheduler beside a scheduler that runs.

A district is made and started; its database is copied and checked while it is written to, each
signing key is made new, and the scheduler takes them over at SIGHUP without a restart. Prints TAP.
"""
import pathlib
import re
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile

ROOT, BUILD = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
sys.path.insert(0, str(ROOT / "tests/demo"))
from processes import Daemon, Users, free_port, wait_until  # noqa: E402

SCHEDULER = BUILD / "scheduler/loa-scheduler"


class Site:
    """A district in a folder, under the user of the test."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.config = self.folder / "scheduler.conf"
        self.root = self.folder / "root.key"
        self.secret = self.folder / "passphrase"
        self.state = self.folder / "state"
        self.ports = {name: free_port() for name in ("people", "stations", "broker")}
        self.config.write_text(
            f"[state]\nfolder={self.state}\n"
            f"[people]\naddress=127.0.0.1\nport={self.ports['people']}\nhosts=127.0.0.1\n"
            f"[stations]\naddress=127.0.0.1\nport={self.ports['stations']}\nhosts=127.0.0.1\n"
            f"[broker]\naddress=127.0.0.1\nport={self.ports['broker']}\n"
            f"[ingest]\nprogram={BUILD}/content/ingest/loa-ingest\n")
        done = self.do("init", "--area", "gia-lai", "--name", "Gia Lai", "--login", "quan-tri",
                       "--root-key", self.root)
        self.secret.write_text(re.search(r"shown once: (\S+)", done.stdout).group(1) + "\n")

    def do(self, *words, expect=0):
        """Runs a command; its exit code must be @expect."""
        done = subprocess.run([SCHEDULER, words[0], "--config", self.config, *map(str, words[1:])],
                              capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == expect, (words, done.returncode, done.stdout, done.stderr)
        return done

    def served(self, listener):
        """The certificate that a listener shows, as PEM; "" while nobody answers."""
        try:
            return ssl.get_server_certificate(("127.0.0.1", self.ports[listener]), timeout=10)
        except OSError:
            return ""

    def rotate(self, role, *more, expect=0):
        return self.do("rotate-key", "--role", role, "--root-key", self.root, "--passphrase-file",
                       self.secret, *more, expect=expect)


def check_backup(site, _daemon):
    copy = site.folder / "copy.db"
    site.do("backup", copy)
    with sqlite3.connect(copy) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("SELECT name FROM areas").fetchall() == [("Gia Lai",)]
    assert "is there already" in site.do("backup", copy, expect=73).stderr
    site.do("backup", expect=64)
    assert not list(site.folder.glob("*.part"))


def check_store(site, _daemon):
    assert "in order" in site.do("check-store").stdout
    broken = site.folder / "broken"
    broken.mkdir()
    bytes_ = bytearray((site.folder / "copy.db").read_bytes())
    for page in range(2, len(bytes_) // 4096):
        bytes_[page * 4096:page * 4096 + 64] = b"\xff" * 64
    (broken / "district.db").write_bytes(bytes_)
    config = site.folder / "broken.conf"
    config.write_text(site.config.read_text().replace(str(site.state), str(broken)))
    done = subprocess.run([SCHEDULER, "check-store", "--config", config], capture_output=True,
                          text=True, timeout=60, check=False)
    assert done.returncode == 65, done


def check_refusals(site, _daemon):
    before = {p.name: p.read_bytes() for p in (site.state / "keys").iterdir()}
    assert "no signing key for 'root'" in site.rotate("root", expect=73).stderr
    site.do("rotate-key", "--role", "time", expect=64)
    wrong = site.folder / "wrong"
    wrong.write_text("not the passphrase\n")
    done = site.do("rotate-key", "--role", "time", "--root-key", site.root, "--passphrase-file",
                   wrong, expect=73)
    assert "does not open with this passphrase" in done.stderr
    assert before == {p.name: p.read_bytes() for p in (site.state / "keys").iterdir()}


def version_of(site):
    return int(re.search(rb'"version":(\d+)', (site.state / "keys/keys").read_bytes()).group(1))


def check_rotation(site, daemon):
    for n, words in enumerate([("manifest",), ("time", "--lost"), ("approval", "--lost")]):
        told = site.rotate(*words).stdout
        assert ("approve anew" in told) == (words[0] == "approval"), told
        assert version_of(site) == n + 2
        before = daemon.text().count("signing with the keys")
        daemon.process.send_signal(signal.SIGHUP)
        wait_for_more(daemon, "signing with the keys", before)
    assert daemon.is_running()


def check_resign(site, daemon):
    site.do("resign-approvals", expect=64)
    wrong = site.folder / "wrong"
    done = site.do("resign-approvals", "--root-key", site.root, "--passphrase-file", wrong,
                   expect=73)
    assert "does not open with this passphrase" in done.stderr
    order = site.state / "keys/resign"
    assert not order.exists()
    site.do("resign-approvals", "--root-key", site.root, "--passphrase-file", site.secret)
    good = order.read_bytes()
    order.write_bytes(good.replace(b"anew by ", b"anew by 0"))
    daemon.process.send_signal(signal.SIGHUP)
    daemon.wait_for("going on with the keys from before")
    assert "signed anew" not in daemon.text()
    order.write_bytes(good)
    daemon.process.send_signal(signal.SIGHUP)
    daemon.wait_for("0 approvals are signed anew, 0 are not")
    assert not order.exists()
    # An order for a key that is not in force any more is none.
    site.rotate("approval")
    order.write_bytes(good)
    before = daemon.text().count("going on with the keys from before")
    daemon.process.send_signal(signal.SIGHUP)
    wait_for_more(daemon, "going on with the keys from before", before)
    assert "another approval key" in daemon.text()
    order.unlink()


def check_bad_reload(site, daemon):
    """A folder that does not fit together is no reason to stop."""
    path = site.state / "keys/keys"
    good = path.read_bytes()
    refused = daemon.text().count("going on with the keys from before")
    path.write_bytes(good.replace(b'"version":5', b'"version":9'))
    daemon.process.send_signal(signal.SIGHUP)
    wait_for_more(daemon, "going on with the keys from before", refused)
    path.write_bytes(good)
    before = daemon.text().count("signing with the keys")
    daemon.process.send_signal(signal.SIGHUP)
    wait_for_more(daemon, "signing with the keys", before)


def check_certificates(site, daemon):
    """Each listener takes a new certificate while it runs; one that is no good changes nothing."""
    authority = site.state / "authority"
    names = ("people", "stations", "broker")
    before = {name: site.served(name) for name in names}
    for name in (*names, "link"):
        assert name == "link" or (authority / f"{name}.pem").read_text().startswith(before[name])
        (authority / f"{name}.pem").unlink()
    connected = daemon.text().count("connected to the broker")
    daemon.process.send_signal(signal.SIGHUP)
    daemon.wait_for("serving stations with a new certificate")
    for name in names:
        wait_until(lambda n=name: site.served(n) not in ("", before[n]), 60,
                   f"a new certificate for {name}")
        assert (authority / f"{name}.pem").read_text().startswith(site.served(name))
    assert (authority / "link.pem").exists()
    assert daemon.text().count("connected to the broker") == connected, "the line was dropped"
    # Nothing is due: nothing begins anew.
    told = daemon.text().count("with a new certificate")
    seen = daemon.text().count("signing with the keys")
    daemon.process.send_signal(signal.SIGHUP)
    wait_for_more(daemon, "signing with the keys", seen)
    # The folder cannot be written to: it goes on with what it has.
    good = site.served("people")
    (authority / "people.pem").unlink()
    (authority / "people.pem").mkdir()
    daemon.process.send_signal(signal.SIGHUP)
    daemon.wait_for("renewing the certificate for people: ")
    assert site.served("people") == good
    assert daemon.text().count("with a new certificate") == told


def second_district(site, name, ports, people=""):
    """The configuration of another district beside it; @ports: people, stations, broker."""
    config, ports = site.folder / f"{name}.conf", iter(ports)
    config.write_text(re.sub(r"port=\d+", lambda _: f"port={next(ports)}",
                             site.config.read_text()
                             .replace(str(site.state), str(site.folder / name))
                             .replace("[people]\n", f"[people]\n{people}")))
    done = subprocess.run([SCHEDULER, "init", "--config", config, "--area", "gia-lai", "--name",
                           "Gia Lai", "--login", "quan-tri", "--root-key",
                           site.folder / f"{name}.key"], capture_output=True, text=True,
                          timeout=60, check=False)
    assert done.returncode == 0, done
    return config


def make_certificate(chain, key):
    """What a district gets from somebody who issues certificates for browsers."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", chain, "-subj",
                    "/CN=loa.example", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"],
                   check=True, capture_output=True, timeout=60)


def check_own_certificate(site, daemon):
    """People are served with the certificate that the configuration names, and with the next."""
    chain, key = site.folder / "own.pem", site.folder / "own.pem.key"
    make_certificate(chain, key)
    ports = [free_port(), free_port(), free_port()]
    config = second_district(site, "own", ports, f"certificate={chain}\nkey={key}\n")
    second = Daemon("own", [SCHEDULER, "run", "--config", config], daemon.users, site.folder)

    def is_served(port):
        return ssl.get_server_certificate(("127.0.0.1", port), timeout=10).strip() == \
            chain.read_text().strip()
    try:
        second.wait_for("connected to the broker", 60)
        assert is_served(ports[0]) and not is_served(ports[1])
        make_certificate(chain, key)
        second.process.send_signal(signal.SIGHUP)
        second.wait_for("serving people with a new certificate", 60)
        assert is_served(ports[0])
        good, other = chain.read_text(), site.folder / "other.pem"
        make_certificate(other, site.folder / "other.pem.key")
        chain.write_text(other.read_text())  # and the key is of the one before
        second.process.send_signal(signal.SIGHUP)
        second.wait_for("renewing the certificate for people: ", 60)
        chain.write_text(good)
        assert is_served(ports[0])
    finally:
        second.stop()


def check_ready(site, daemon):
    """Ready means that the broker answers; one that cannot start keeps nobody out for ever."""
    said = daemon.text()
    assert said.index("connected to the broker") < said.index("; brokers: 1, connected: 1"), said
    notify = site.folder / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager, \
            socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody else can have the port, and nobody answers there
        manager.bind(str(notify))
        manager.settimeout(60)
        other = second_district(site, "other",
                                [free_port(), free_port(), taken.getsockname()[1]])
        second = Daemon("second", [SCHEDULER, "run", "--config", other], daemon.users, site.folder,
                        env={"NOTIFY_SOCKET": str(notify)})
        try:
            assert b"READY=1" in manager.recv(4096)
            second.wait_for("; brokers: 1, connected: 0", 60)
            assert "district-trouble" in second.text(), second.text()
        finally:
            second.stop()


def wait_for_more(daemon, words, before):
    wait_until(lambda: daemon.text().count(words) > before, 60, f"the scheduler to say '{words}'")


CASES = [check_backup, check_store, check_refusals, check_rotation, check_resign, check_bad_reload,
         check_certificates, check_own_certificate, check_ready]


def main():
    print(f"1..{len(CASES)}", flush=True)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="loa-upkeep-") as folder:
        site = Site(folder)
        site.do("check-store")  # nothing runs yet: no files beside the database
        users = Users()
        users.prefix = None
        daemon = Daemon("scheduler", [SCHEDULER, "run", "--config", site.config], users, folder)
        try:
            daemon.wait_for("connected to the broker")
            for number, case in enumerate(CASES, 1):
                try:
                    case(site, daemon)
                    print(f"ok {number} {case.__name__}", flush=True)
                except AssertionError as problem:
                    failed += 1
                    print(f"not ok {number} {case.__name__}: {problem}", flush=True)
        finally:
            daemon.stop()
    return failed


if __name__ == "__main__":
    sys.exit(main() > 0)
