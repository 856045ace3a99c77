"""slow_line.py - a line of so many bytes a second between a program and a server on this machine.

Carries TCP as it is: the program is given this port instead of the server's. Small buffers on
both sides, so that what the program has sent is what the line has taken.
"""
import contextlib
import socket
import threading
import time

CHUNK_BYTES = 4096
BUFFER_BYTES = 8192
#  small segments keep the sender's own buffer small, too
SEGMENT_BYTES = 1200


class SlowLine:
    def __init__(self, server_port, bytes_a_second):
        self.server_port, self.bytes_a_second = server_port, bytes_a_second
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        self.listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT_BYTES)
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen()
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                far = socket.create_connection(("127.0.0.1", self.server_port))
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source, sink):
        with contextlib.suppress(OSError):
            while True:
                chunk = source.recv(CHUNK_BYTES)
                if not chunk:
                    break
                sink.sendall(chunk)
                time.sleep(len(chunk) / self.bytes_a_second)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
