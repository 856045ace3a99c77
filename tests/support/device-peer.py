#!/usr/bin/python3
"""device-peer.py FOLDER CERTIFICATE KEY AUTHORITY: what a district offers its stations by HTTPS.

An independent peer for tests: documents are files FOLDER/HASH, signatures beside them are
FOLDER/HASH.minisig, audio is FOLDER/HASH, too. A client certificate is demanded. Prints the port.
"""
import gzip
import http.server
import json
import pathlib
import re
import ssl
import sys

HASH = re.compile(r"[0-9a-f]{64}")
MAX_REQUEST = 64 * 1024


def bundled(path):
    signature = path.with_suffix(".minisig")
    signatures = []
    if signature.exists():
        lines = signature.read_text(encoding="utf-8")
        key = lines.splitlines()[0].split()[-1]
        signatures = [{"algorithm": "minisign", "key": key, "signature": lines}]
    return {"hash": path.name, "signatures": signatures, "text": path.read_text(encoding="utf-8")}


class Peer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder = None

    def answer(self, status, body, packs=False):
        self.send_response(status)
        if packs:
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        length = int(self.headers.get("Content-Length", "0"))
        if self.path != "/device/documents" or length > MAX_REQUEST:
            self.answer(404, b"")
            return
        wanted = json.loads(self.rfile.read(length))["hashes"]
        paths = [self.folder / h for h in wanted if HASH.fullmatch(h)]
        document = {"documents": [bundled(p) for p in paths if p.exists()],
                    "missing": [p.name for p in paths if not p.exists()],
                    "type": "bundle", "v": 1}
        self.answer(200, json.dumps(document, sort_keys=True, separators=(",", ":"),
                                    ensure_ascii=False).encode(),
                    packs="gzip" in self.headers.get("Accept-Encoding", ""))

    def do_GET(self):
        name = self.path.removeprefix("/device/objects/")
        path = self.folder / name
        if HASH.fullmatch(name) and path.exists():
            self.answer(200, path.read_bytes())
        else:
            self.answer(404, b"")

    def log_message(self, *_):
        pass


def main():
    folder, certificate, key, authority = sys.argv[1:]
    Peer.folder = pathlib.Path(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(authority)
    context.verify_mode = ssl.CERT_REQUIRED
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Peer)
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True,
                                        do_handshake_on_connect=False)
    print(server.server_address[1], flush=True)
    server.serve_forever()


main()
