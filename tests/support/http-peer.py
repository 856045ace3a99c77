#!/usr/bin/python3
"""http-peer.py FOLDER CERTIFICATE KEY AUTHORITY: a district's device listener that misbehaves on request.

Serves FOLDER/objects/HASH with ranges, answers POST /device/documents from FOLDER/shelf/HASH
(one bundled document each) and POST /device/enrol from FOLDER/enrol.answer once it is there.
POST /device/speeches/ALERT/FROM/HASH is kept as FOLDER/spoken-FROM if it has that hash; of the
faults it knows "status N [PART OF ITS PATH]" and "hold", under which nothing of it is read.
FOLDER/fault holds one word and perhaps a number, read for each object request:

  drop N      close after N bytes of the body       stall N    N bytes, then silence
  short N     Content-Length N, nothing after it    wrong      other bytes of the right length
  whole       200 although a range was asked for    range      206 with another range
  status N    that status                           longer     more than the object has
  slow N      pieces of N bytes, 50 ms between     bomb N     documents: N spaces, packed

Each request is a line in FOLDER/requests: METHOD PATH RANGE COMMONNAME. Prints the port.
"""
import gzip
import hashlib
import http.server
import json
import os
import pathlib
import ssl
import sys
import threading
import time

folder = pathlib.Path(sys.argv[1])
lock = threading.Lock()


def fault_words():
    try:
        return (folder / "fault").read_text().split()
    except FileNotFoundError:
        return []


def fault():
    words = fault_words()
    return (words[0] if words else "", int(words[1]) if len(words) > 1 else 0)


class Peer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def note(self):
        certificate = self.connection.getpeercert() or {}
        name = dict(pair[0] for pair in certificate.get("subject", ())).get("commonName", "-")
        with lock, open(folder / "requests", "a") as log:
            log.write(f"{self.command} {self.path} {self.headers.get('Range', '-')} {name}\n")

    def answer(self, status, body, kind="application/json", extra=()):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in extra:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.note()
        path = folder / "objects" / os.path.basename(self.path)
        if not self.path.startswith("/device/objects/") or not path.is_file():
            return self.answer(404, b"no such object", "text/plain")
        data = path.read_bytes()
        kind, number = fault()
        start = 0
        if (asked := self.headers.get("Range")) and kind != "whole":
            start = int(asked.split("=")[1].rstrip("-"))
            if start >= len(data):
                return self.answer(416, b"", extra=[("Content-Range", f"bytes */{len(data)}")])
        if kind == "status":
            return self.answer(number, b"so it was ordered", "text/plain")
        if kind == "wrong":
            data = bytes(byte ^ 1 for byte in data)
        if kind == "longer":
            data += b"more"
        self.send_object(data, start, kind, number)

    def send_object(self, data, start, kind, number):
        body = data[start:]
        if kind == "short":
            body = body[:number]
        said = start + 1 if kind == "range" else start
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        if start:
            self.send_header("Content-Range", f"bytes {said}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        if kind in ("drop", "stall"):
            self.wfile.write(body[:number])
            self.wfile.flush()
            while kind == "stall" and fault()[0] == "stall":
                time.sleep(0.02)
            self.close_connection = True
            return
        if kind == "slow":
            for at in range(0, len(body), number):
                self.wfile.write(body[at:at + number])
                self.wfile.flush()
                time.sleep(0.05)
            return
        self.wfile.write(body)

    def do_POST(self):
        self.note()
        while fault()[0] == "hold":
            time.sleep(0.02)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/device/documents":
            return self.answer_documents(json.loads(body)["hashes"])
        if self.path == "/device/enrol":
            return self.answer_enrol(body)
        if self.path.startswith("/device/speeches/"):
            return self.answer_speech(body)
        return self.answer(404, b"no such thing", "text/plain")

    def answer_speech(self, body):
        words = fault_words()
        begun, name = self.path.split("/")[-2:]
        if words and words[0] == "status" and (len(words) < 3 or words[2] in self.path):
            return self.answer(int(words[1]), b"so it was ordered", "text/plain")
        if hashlib.sha256(body).hexdigest() != name:
            return self.answer(422, b"other bytes", "text/plain")
        (folder / f"spoken-{begun}").write_bytes(body)
        return self.answer(200, b"{}")

    def answer_documents(self, hashes):
        kind, number = fault()
        if kind == "status":
            return self.answer(number, b"so it was ordered", "text/plain")
        found = [h for h in hashes if (folder / "shelf" / h).is_file()]
        documents = b",".join((folder / "shelf" / h).read_bytes() for h in found)
        missing = ",".join(f'"{h}"' for h in hashes if h not in found).encode()
        body = (b'{"documents":[' + documents + b'],"missing":[' + missing
                + b'],"type":"bundle","v":1}')
        if kind == "bomb":
            body = b" " * number
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            return self.answer(200, gzip.compress(body), extra=[("Content-Encoding", "gzip")])
        return self.answer(200, body)

    def answer_enrol(self, body):
        (folder / "enrol.request.new").write_bytes(body)
        os.rename(folder / "enrol.request.new", folder / "enrol.request")
        deadline = time.monotonic() + 30
        while not (folder / "enrol.answer").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        answer = (folder / "enrol.answer").read_bytes()
        os.unlink(folder / "enrol.answer")
        if answer.startswith(b"{"):
            return self.answer(200, answer)
        return self.answer(403, answer, "text/plain")


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, address):
        pass

    def finish_request(self, request, address):
        # The handshake belongs to the connection's thread: a silent client blocks only itself.
        request.settimeout(30)
        with context.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, address)


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[2], sys.argv[3])
context.load_verify_locations(sys.argv[4])
context.verify_mode = ssl.CERT_OPTIONAL if (folder / "optional").exists() else ssl.CERT_REQUIRED
server = Server(("127.0.0.1", 0), Peer)
print(server.server_address[1], flush=True)
server.serve_forever()
