"""door.py - a district whose broker has one door more, and what comes and goes through it.

The broker is mosquitto with the district's own files and another listener, on loopback and
without a certificate: whoever has taken a broker over may publish what he likes. The district's
keys are used by Debian's minisign.
"""
import base64
import pathlib
import queue
import subprocess
import tempfile
import threading

import rig
from processes import free_port
from rig import wait_until

PORT, DOOR = free_port(), free_port()


class OpenDistrict(rig.District):
    """Its broker lets anybody in by another door."""

    def start_broker(self):
        own = self.state / "broker"
        wait_until(lambda: (own / "mosquitto.conf").exists() or not self.scheduler.is_running(),
                   20, "the files for the broker")
        self.open_rights()
        config = self._as("scheduler", "cat", own / "mosquitto.conf")
        self.write("open.conf", config.replace(f"acl_file {own}/rights.acl",
                                               f"acl_file {self.state}/open.acl") +
                   f"listener {DOOR} 127.0.0.1\nallow_anonymous true\n")
        self.broker = self.daemon("broker", "/usr/sbin/mosquitto", "-c",
                                  self.state / "open.conf", user="scheduler")

    def write(self, name, text):
        self._as("scheduler", "sh", "-c", 'umask 077; printf %s "$0" >"$1"', text,
                 self.state / name)

    def open_rights(self):
        """What stands before the first user is for those without a name."""
        self.write("open.acl", "topic readwrite #\n" +
                   self._as("scheduler", "cat", self.state / "broker/rights.acl"))

    def reload_broker(self):
        self.open_rights()
        super().reload_broker()


class Door:
    """What goes over the broker, seen and sent without a certificate."""

    def _words(self, program, *words):
        return [program, "-V", "311", "-h", "127.0.0.1", "-p", str(DOOR), *words]

    def seen(self, topic, act):
        """The first message on @topic once @act has been called."""
        probe = "probe/listening"
        watch = subprocess.Popen(
            self._words("mosquitto_sub", "-t", topic, "-t", probe, "-F", "%t %x", "-W", "90"),
            stdout=subprocess.PIPE, text=True)
        lines = queue.SimpleQueue()
        threading.Thread(target=lambda: [lines.put(one) for one in watch.stdout],
                         daemon=True).start()

        def is_listening():
            self.send(probe, b"?")
            return not lines.empty()
        try:
            wait_until(is_listening, 30, "to listen at the broker")
            act()
            while True:
                place, text = lines.get(timeout=60).split()
                if place == topic:
                    return bytes.fromhex(text)
        except queue.Empty as nothing:
            raise rig.Failed(f"nothing on {topic} was seen") from nothing
        finally:
            watch.terminate()
            watch.wait()

    def send(self, topic, envelope):
        subprocess.run(self._words("mosquitto_pub", "-q", "1", "-t", topic, "-s"), input=envelope,
                       capture_output=True, timeout=60, check=True)


def parted(envelope):
    """(trusted comment, document) of an envelope."""
    signature, document = envelope.split(b"\n\n", 1)
    return signature.split(b"\n")[2].split(b": ", 1)[1].decode(), document


def as_minisign(text):
    """A key of the district's, in the form of minisign's own without a password."""
    raw = base64.b64decode(text.splitlines()[1])
    number, seed = raw[:8], raw[8:40]
    public = subprocess.run(
        ["openssl", "pkey", "-inform", "DER", "-pubout", "-outform", "DER"], check=True,
        input=bytes.fromhex("302e020100300506032b657004220420") + seed, capture_output=True,
        timeout=60).stdout[-32:]
    whole = b"Ed\0\0B2" + bytes(32 + 8 + 8) + number + seed + public + bytes(32)
    return f"untrusted comment: a district's\n{base64.b64encode(whole).decode()}\n"


def sign(town, document, comment, key=None):
    """An envelope by minisign; @key: of the district's roles; None: a key of nobody's."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "document").write_bytes(document)
        if key is None:
            subprocess.run(["minisign", "-G", "-W", "-p", path / "pub", "-s", path / "key"],
                           check=True, capture_output=True, timeout=60)
        else:
            text = town.district._as("scheduler", "cat", town.district.state / "keys" / key)
            (path / "key").write_text(as_minisign(text))
        subprocess.run(["minisign", "-S", "-H", "-W", "-s", path / "key", "-m", path / "document",
                        "-t", comment], check=True, capture_output=True, timeout=60,
                       stdin=subprocess.DEVNULL)
        return (path / "document.minisig").read_bytes() + b"\n" + document
