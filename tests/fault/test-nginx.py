#!/usr/bin/python3
"""test-nginx.py BUILD: the site file of docs/examples before the real scheduler.

Only its ports and paths are other ones here. What a browser is told, what waits, what is large and
whose guesses are slowed is as without nginx; stations find nothing behind it.
"""
import contextlib
import http.client
import json
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
import warnings

import rig
from processes import free_port

ROOT = pathlib.Path(__file__).resolve().parents[2]
SITE = ROOT / "docs/examples/nginx.conf"
warnings.simplefilter("ignore", DeprecationWarning)  # that old TLS is refused is what is tested
PROGRAM = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin")
KEPT = ("content-security-policy", "x-content-type-options", "referrer-policy", "permissions-policy",
        "cross-origin-opener-policy", "cross-origin-resource-policy", "strict-transport-security",
        "etag", "cache-control", "vary", "content-type", "content-encoding")
MAIN = """pid {0}/nginx.pid; error_log {0}/error.log; worker_processes 2;
events {{ worker_connections 1024; }}
http {{ access_log off; client_body_temp_path {0}/body; proxy_temp_path {0}/proxy;
fastcgi_temp_path {0}/a; uwsgi_temp_path {0}/b; scgi_temp_path {0}/c; include {0}/site.conf; }}
"""


def site_of(folder, ports, upstream):
    """The file as it is shipped, with ports and paths of this test."""
    text = SITE.read_text()
    for old, new in ((r"listen \[::\]:\d+[^;]*;", ""), (r"listen 80;", f"listen 127.0.0.1:{ports[0]};"),
                     (r"listen 443 ", f"listen 127.0.0.1:{ports[1]} "),
                     (r"server 127\.0\.0\.1:8443;", f"server 127.0.0.1:{upstream};"),
                     (r"/etc/letsencrypt/live/loa\.example\.vn", str(folder)),
                     (r"/etc/nginx/loa-ca\.pem", f"{folder}/loa-ca.pem")):
        text, count = re.subn(old, new, text)
        assert count, old
    return text


def start_nginx(town):
    """nginx as a daemon of the rig, under a user of its own."""
    district = town.district
    folder = district.users.give(town.folder / "nginx", "nginx", 0o755)
    town.ports = free_port(), free_port()
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                    "/CN=loa.example.vn", "-keyout", folder / "privkey.pem", "-out",
                    folder / "fullchain.pem"], check=True, capture_output=True)
    shutil.copy(district.authority, folder / "loa-ca.pem")
    (folder / "site.conf").write_text(site_of(folder, town.ports, district.ports["people"]))
    (folder / "nginx.conf").write_text(MAIN.format(folder))
    district.users.give(folder, "nginx", 0o755)
    district.daemon("nginx", PROGRAM, "-p", folder, "-c", folder / "nginx.conf", "-g", "daemon off;")

    def answers():
        with contextlib.suppress(OSError):
            return ask(town, "GET", "/")[0] == 200
        return False
    rig.wait_until(answers, 30, "nginx to answer")


def context_of(newest=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if newest:
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, newest
        context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def ask(town, method, path, body=None, headers=None, port=None, source="127.0.0.1"):
    """(status, headers, body) of one request to nginx, or to @port."""
    line = http.client.HTTPSConnection("127.0.0.1", port or town.ports[1], timeout=60,
                                       context=context_of(), source_address=(source, 0))
    with contextlib.closing(line):
        line.request(method, path, body, headers or {})
        answer = line.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()


def bearer(person):
    token = re.search(r"^token=(\S+)", person.session.read_text(), re.M).group(1)
    return {"Authorization": f"Bearer {token}"}


def headers_kept(town, tap):
    """What a browser is told, and the bytes, are those of the scheduler."""
    direct_port = town.district.ports["people"]
    page = ask(town, "GET", "/")[2].decode()
    for path in ("/", re.search(r'"(/pages/[^"]+/main\.js)"', page).group(1), "/api/session"):
        packed = {"Accept-Encoding": "gzip"}
        ours, theirs = ask(town, "GET", path, headers=packed, port=direct_port), ask(town, "GET", path, headers=packed)
        same = {k: (ours[1].get(k), theirs[1].get(k)) for k in KEPT if ours[1].get(k) != theirs[1].get(k)}
        tap.ok(ours[0] == theirs[0] and not same and (path.startswith("/api") or ours[2] == theirs[2]),
               f"{path[:12]}: the same status, headers and bytes", [ours[0], theirs[0], same])
    line = http.client.HTTPConnection("127.0.0.1", town.ports[0], timeout=60)
    line.request("GET", "/x", headers={"Host": "loa.example.vn"})
    moved = line.getresponse()
    tap.ok(moved.status == 301 and moved.getheader("Location") == "https://loa.example.vn/x",
           "without TLS one is sent to it", [moved.status, moved.getheader("Location")])


def waits(town, tap):
    """What waits for a change is answered when it happens, not when a buffer is full."""
    auth = bearer(town.editor)
    seq = json.loads(ask(town, "GET", "/api/changes", headers=auth)[2])["seq"]
    came = []

    def wait():
        came.append((ask(town, "GET", f"/api/changes?after={seq}", headers=auth), time.monotonic()))
    waiting = threading.Thread(target=wait)
    waiting.start()
    waiting.join(1)
    tap.ok(waiting.is_alive(), "it waits")
    town.district.admin.loactl("area", "put", "xa-moi", "commune", "Xã mới", "--parent", rig.AREA)
    changed = time.monotonic()
    waiting.join(30)
    tap.ok(came and came[0][0][0] == 200 and came[0][1] - changed < 5, "and is told at once", str(came))


def large(town, tap):
    """The largest part and a large recording pass; more than that is refused before it comes."""
    auth = {**bearer(town.editor), "Content-Type": "application/octet-stream"}
    status, _, _ = ask(town, "PUT", f"/api/uploads/{'0' * 64}?offset=0", b"x" * (1 << 20), auth)
    tap.ok(status == 200, "a part of 1 MiB", status)
    sound = town.folder / "large.wav"
    rig.write_stair(sound)
    made = town.editor.loactl("announcement", "add", "Qua nginx", "--home", rig.AREA, "--source-number",
                              "1/TB", "--source-issuer", "Vùng thử", "--source-date", "2026-01-01",
                              "--valid-until", "2199-01-01", "--no-state-secret", "--version", f"vi={sound}")
    version = made["versions"][0]["id"]
    data = sound.read_bytes() + b"\0" * (40 << 20)  # what follows the sound of a WAV is not read
    status, _, answer = ask(town, "PUT", f"/api/versions/{version}/audio?no_state_secret=true", data,
                            auth)
    tap.ok(status == 200, "a recording of 40 MB in one piece", [status, answer[:200].decode()])
    with context_of().wrap_socket(socket.create_connection(("127.0.0.1", town.ports[1]))) as line:
        line.sendall(f"PUT /api/versions/{version}/audio?no_state_secret=true HTTP/1.1\r\nHost: x\r\n"
                     f"Content-Length: {600 << 20}\r\n\r\n".encode())
        tap.ok(line.recv(100).startswith(b"HTTP/1.1 413"), "600 MB are refused at once")


def guess(town, source, headers=None, port=None, login="ai-do"):
    body = json.dumps({"login": login, "password": "mật khẩu sai hẳn rồi"})
    return ask(town, "POST", "/api/session", body.encode(),
               {"Content-Type": "application/json", **(headers or {})}, port, source)[0]


def addresses(town, tap):
    """Whoever guesses is slowed by their own address; who only says that they are another is not believed."""
    told = [guess(town, "127.0.0.7", {"X-Forwarded-For": f"10.0.0.{i}"}, login=f"ai-{i}") for i in range(14)]
    tap.ok(told[0] == 401 and told[-1] == 429, "fourteen guesses from one address are slowed", told)
    tap.ok(guess(town, "127.0.0.8", login="ai-khac") == 401, "the neighbour behind the same nginx is not")
    port = town.district.ports["people"]
    told = [guess(town, "127.0.0.9", {"X-Forwarded-For": f"10.0.1.{i}"}, port, f"em-{i}") for i in range(14)]
    tap.ok(told[0] == 401 and told[-1] == 429, "a stranger that is no proxy is not believed", told)
    person = town.reviewer
    body = json.dumps({"login": person.login, "password": person.password}).encode()
    origin = {"Content-Type": "application/json", "Origin": f"https://127.0.0.1:{town.ports[1]}"}
    status, headers, _ = ask(town, "POST", "/api/session", body, origin, source="127.0.0.6")
    tap.ok(status in (200, 201), "a page of ours signs in by its Origin", status)
    cookie = {"Cookie": headers["set-cookie"].split(";")[0]}
    listed = ask(town, "GET", "/api/sessions", headers=cookie)[2]
    tap.ok(b'"127.0.0.6"' in listed, "and the session is noted where it came from", listed[:600].decode())
    status = guess(town, "127.0.0.6", {"Origin": "https://evil.example"})
    tap.ok(status == 403, "a page of another site is refused", status)


def transport(town, tap):
    """Nothing older than TLS 1.2, and nothing of the stations."""
    for newest, is_good in ((ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True)):
        try:
            with context_of(newest).wrap_socket(socket.create_connection(("127.0.0.1", town.ports[1]))) as line:
                spoken = line.version()
        except (ssl.SSLError, OSError) as error:
            spoken = str(error)
        tap.ok((spoken == "TLSv1.2") == is_good, f"{newest.name}: {'taken' if is_good else 'refused'}", spoken)
    tap.ok(ask(town, "POST", "/device/documents", b"{}", {"Content-Type": "application/json"})[0] == 404,
           "the stations' paths are not there")
    rules = re.sub(r"#.*", "", SITE.read_text())
    tap.ok("8444" not in rules and "8883" not in rules, "nor does the file name their ports")


def begin(town, tap):
    """nginx before the scheduler; it is told that 127.0.0.1 speaks for others."""
    district = town.district
    text = district.config.read_text()
    district.config.write_text(text.replace("hosts=127.0.0.1\n", "hosts=localhost;127.0.0.1\nproxies=127.0.0.1\n", 1))
    district.scheduler.stop()
    district.start()
    start_nginx(town)
    tap.ok(True, "nginx answers with the file as it is shipped")


if __name__ == "__main__":
    if not PROGRAM:
        print("1..0 # SKIP nginx is not installed")
        sys.exit(0)
    sys.exit(rig.run([begin, headers_kept, waits, large, addresses, transport], {}))
