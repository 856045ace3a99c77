#!/usr/bin/python3
"""stream-peer.py FOLDER OGG RADIOS: a radio on the net that behaves as its path says.

  /live       OGG at once, then nothing more, and the line stays up
  /short      OGG, and it hangs up                /twice     OGG and FOLDER/next.ogg
  /moved      points to /live on the same host    /elsewhere points to another host
  /round      points to itself                    /missing   404
  /wma        another kind of sound               /noise     Ogg by name alone
  /headers    a header without an end             /mute      Ogg pages without an end or a sound
  /dumb       takes the request and is silent
  /mp3, /aac  RADIOS/radio.mp3, .aac at once, then nothing more, and the line stays up
  /hls        a playlist of playlists: /wide and /narrow, of which each request of /narrow adds a
              segment; a segment is RADIOS/radio.ts
  /hls-away   segments on another host            /hls-still a playlist that stands still
  /hls-key    encrypted                           /hls-lists a playlist of playlists of playlists
  /hls-noise  segments without sound              /hls-end   a playlist that has ended

Each request is a line in FOLDER/requests. Prints the port.
"""
import http.server
import pathlib
import sys
import threading

folder, ogg = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).read_bytes()
radios = pathlib.Path(sys.argv[3])
lock, for_ever = threading.Lock(), threading.Event()
asked = {}  # path -> how often
HLS = "application/vnd.apple.mpegurl"


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
        words = b"<html>It has moved.</html>"  # for people; servers write it of themselves
        self.begin(status=302, extra=(("Location", where), ("Content-Length", str(len(words)))))
        self.wfile.write(words)

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

    def wma(self):
        self.begin("audio/x-ms-wma")
        self.wfile.write(bytes(5000))

    def radio(self, kind, name):
        self.begin(kind)
        self.wfile.write((radios / name).read_bytes())
        self.wfile.flush()
        for_ever.wait()

    def mp3(self):
        self.radio("audio/mpeg", "radio.mp3")

    def aac(self):
        self.radio("audio/aac", "radio.aac")

    def playlist(self, *lines):
        self.begin(HLS)
        self.wfile.write("\n".join(("#EXTM3U", *lines, "")).encode())

    def hls(self):
        self.playlist("#EXT-X-STREAM-INF:BANDWIDTH=128000", "wide.m3u8",
                      "#EXT-X-STREAM-INF:BANDWIDTH=48000", "narrow.m3u8")

    def segments(self, *names, first=0):
        self.playlist("#EXT-X-TARGETDURATION:1", f"#EXT-X-MEDIA-SEQUENCE:{first}",
                      *(f"#EXTINF:1.0,\n{name}" for name in names))

    def narrow(self):
        n = asked["/narrow.m3u8"]  # the window moves on by one
        self.segments(*(f"{n + i}.ts" for i in range(5)), first=n)

    def segment(self):
        self.begin("video/mp2t")
        self.wfile.write((radios / "radio.ts").read_bytes())

    def hls_away(self):
        self.segments(f"http://localhost:{self.server.server_port}/1.ts")

    def hls_still(self):
        self.segments("1.ts")

    def hls_key(self):
        self.playlist("#EXT-X-TARGETDURATION:1", "#EXT-X-KEY:METHOD=AES-128,URI=\"k\"", "1.ts")

    def hls_lists(self):
        self.playlist("#EXT-X-STREAM-INF:BANDWIDTH=1", "hls")

    def hls_noise(self):
        self.segments("missing-sound")

    def missing_sound(self):
        self.begin("video/mp2t")
        self.wfile.write(b"no sound at all" * 100)

    def hls_end(self):
        self.playlist("#EXT-X-TARGETDURATION:1", "1.ts", "#EXT-X-ENDLIST")

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
            asked[self.path] = asked.get(self.path, 0) + 1
        self.close_connection = True
        name = self.path.strip("/").removesuffix(".m3u8").replace("-", "_")
        try:
            if name == "headers":
                self.headers_without_end()
            elif name.endswith(".ts"):
                self.segment()
            else:
                getattr(self, name)()
        except OSError:
            pass  # it was hung up on, as the tests mean to


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Peer)
server.daemon_threads = True
print(server.server_port, flush=True)
server.serve_forever()
