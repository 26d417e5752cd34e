"""Servers on this machine, in the place of published ones."""

import functools
import http.server
import threading
from contextlib import contextmanager


@contextmanager
def serving(handler):
    """Give a server that answers with the handler; its `address` ends in a slash."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.address = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def files_of(folder):
    """Return a handler that serves the files of a folder."""
    return functools.partial(Quiet, directory=str(folder))


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass
