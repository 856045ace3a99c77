"""mail.py - how a district's messages leave in the browser's stories: a mail server that takes
letters (tests/support/smtp-peer.py), and a modem that has no network."""
import json
import pathlib
import subprocess
import threading

PEER = pathlib.Path(__file__).resolve().parent.parent / "support/smtp-peer.py"
TEXT = "/bin/sh;-c;cat >/dev/null\\; echo no network\\; exit 1;{phone}"


class Mail:
    def __init__(self, config):
        """@config: of the scheduler, which is to send by it"""
        self.peer = subprocess.Popen([PEER], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        self.letters = []
        port = int(self.peer.stdout.readline())
        threading.Thread(target=self._take, daemon=True).start()
        with config.open("a") as file:
            file.write(f"[mail]\nhost=127.0.0.1\nport={port}\nsecurity=none\nfrom=loa@example.vn\n"
                       f"[text]\ncommand={TEXT}\n")

    def _take(self):
        for line in self.peer.stdout:
            self.letters.append(json.loads(line))

    def stop(self):
        self.peer.terminate()
        self.peer.wait(30)
