#!/usr/bin/python3
"""stream-peer.py FOLDER OGG: a radio on the net that behaves as its path says.

  /live       OGG at once, then nothing more, and the line stays up
  /short      OGG, and it hangs up                /twice     OGG and FOLDER/next.ogg
  /moved      points to /live on the same host    /elsewhere points to another host
  /round      points to itself                    /missing   404
  /mp3        another kind of sound               /noise     Ogg by name alone
  /headers    a header without an end             /mute      Ogg pages without an end or a sound
  /dumb       takes the request and is silent

Each request is a line in FOLDER/requests. Prints the port.
"""
import http.server
import pathlib
import sys
import threading

folder, ogg = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).read_bytes()
lock, for_ever = threading.Lock(), threading.Event()


class Peer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def begin(self, kind="audio/ogg", status=200, extra=()):
        self.send_response(status)
        for name, value in (("Content-Type", kind), ("Connection", "close"), *extra):
            self.send_header(name, value)
        self.end_headers()

    def point_to(self, where):
        self.begin(status=302, extra=(("Location", where), ("Content-Length", "0")))

    def live(self):
        self.begin()
        self.wfile.write(ogg)
        self.wfile.flush()
        for_ever.wait()

    def twice(self):
        self.begin("application/ogg")
        self.wfile.write(ogg + (folder / "next.ogg").read_bytes())
        self.wfile.flush()
        for_ever.wait()

    def short(self):
        self.begin()
        self.wfile.write(ogg)

    def moved(self):
        self.point_to("/live")

    def elsewhere(self):
        self.point_to(f"http://localhost:{self.server.server_port}/live")

    def round(self):
        self.point_to("/round")

    def missing(self):
        self.begin(status=404)

    def mp3(self):
        self.begin("audio/mpeg")
        self.wfile.write(bytes(5000))

    def noise(self):
        self.begin()
        while True:
            self.wfile.write(bytes(range(256)) * 64)

    def mute(self):
        page = ogg[:ogg.index(b"OggS", 4)]  # the head of the stream, over and over
        self.begin()
        while True:
            self.wfile.write(page * 64)

    def headers_without_end(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            self.wfile.write(b"X-More: " + b"x" * 1000 + b"\r\n")

    def dumb(self):
        for_ever.wait()

    def do_GET(self):
        with lock, open(folder / "requests", "a") as log:
            log.write(self.path + "\n")
        self.close_connection = True
        name = self.path.strip("/")
        try:
            (self.headers_without_end if name == "headers" else getattr(self, name))()
        except OSError:
            pass  # it was hung up on, as the tests mean to


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Peer)
server.daemon_threads = True
print(server.server_port, flush=True)
server.serve_forever()
