"""stage.py - what the browser's stories stand on: whom they can sign in as, and their runner."""
import json
import os
import pathlib
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "demo"))

BOUND_S = 1500


def told_of(person):
    """What a browser needs to sign in as somebody."""
    phone = person.phone
    return {"login": person.login, "password": person.password,
            **({"secret": phone.secret, "step": phone.step, "recovery": phone.recovery}
               if phone else {})}


def control(orders):
    """A place on loopback where a story orders what no browser can: {path: function}.

    POST runs the function, with what was sent along if there is any; a dictionary or list that
    it returns is answered as JSON.
    """
    class Orders(BaseHTTPRequestHandler):
        def do_POST(self):
            order = orders.get(self.path)
            n_bytes = int(self.headers.get("Content-Length") or 0)
            sent = [self.rfile.read(n_bytes).decode()] if n_bytes else []
            answer = order(*sent) if order else None
            self.send_response(200 if order else 404)
            self.end_headers()
            if isinstance(answer, (dict, list)):
                self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Orders)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def play(words, district, accounts, orders, **more):
    """Runs node with @words in this folder; returns its exit status."""
    server = control(orders)
    told = {"url": district.url, "area": district.area, "accounts": accounts,
            "control": f"http://127.0.0.1:{server.server_port}", **more}
    try:
        return subprocess.run(["node", *words], cwd=HERE, timeout=BOUND_S, check=False,
                              env={**os.environ, "HOME": str(district.folder),
                                   "LOA_DISTRICT": json.dumps(told)}).returncode
    finally:
        server.shutdown()
