"""gunicorn's worker of threads, wary of those at the other end of the line (TRUST R26).

A request that was cut off on its way is none: its body would be read as far as it came, and half of a note be
saved as a whole one. Who sends too slowly is hung up on: each of them would hold a thread for ever.
"""

import errno
import socket
import threading
import time

from gunicorn.http.body import LengthReader
from gunicorn.workers.gthread import TConn, ThreadWorker

HEADER_SECONDS = 10
BODY_SECONDS = 10
SLOWEST_BYTES_PER_SECOND = 50_000  # of a large file, on top of BODY_SECONDS
LOOK_SECONDS = 1


class WebWorker(ThreadWorker):
    """Serves pages; a thread beside the others looks for slow senders."""

    def init_process(self):
        self._deadlines: dict[TConn, float] = {}
        threading.Thread(target=self._watch, name="slow senders", daemon=True).start()
        super().init_process()

    def handle(self, conn):
        self._deadlines[conn] = time.monotonic() + HEADER_SECONDS
        try:
            return super().handle(conn)
        finally:
            del self._deadlines[conn]

    def handle_request(self, req, conn):
        seconds = BODY_SECONDS
        if isinstance(req.body.reader, LengthReader):
            seconds += req.body.reader.length / SLOWEST_BYTES_PER_SECOND
            req.body.reader = WholeReader(req.body.reader)
        self._deadlines[conn] = time.monotonic() + seconds
        return super().handle_request(req, conn)

    def _watch(self):
        while True:
            time.sleep(LOOK_SECONDS)
            now = time.monotonic()
            for conn, deadline in list(self._deadlines.items()):
                if now > deadline:
                    self._stop_reading(conn.sock)

    def _stop_reading(self, sock):
        """Whoever waits for more from it finds its end; an answer on its way out is not disturbed."""
        try:
            sock.shutdown(socket.SHUT_RD)
        except OSError:  # closed by now
            return


class WholeReader:
    """The body of a request that said how long it is. Raises ConnectionResetError where it ends before."""

    def __init__(self, reader):
        self._reader = reader

    def read(self, size):
        wanted = min(size, self._reader.length)
        found = self._reader.read(size)
        if len(found) < wanted:
            raise ConnectionResetError(errno.ECONNRESET, "the request was cut off on its way")
        return found
