"""Servers on this machine: in the place of published ones, and those that a command starts."""

import functools
import http.server
import re
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

PRINTED = r"http://(?:localhost|127\.0\.0\.1):\d+/lab\S*\?token=\w+"


@contextmanager
def serving(handler):
    """Give a server that answers with the handler; its `address` ends in a slash."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.address = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
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


def until(found, seconds=120, log=None):
    """Return what is found, once it is; a server that does not answer yet has found nothing.

    log: a file, of which the failure shows the end.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if value := found():
                return value
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(0.1)
    said = f":\n{log.read_text()[-2000:]}" if log else ""
    raise AssertionError(f"not within {seconds} seconds{said}")


def answers(address):
    """Return True where something answers at the address; raises URLError where nothing does."""
    with urllib.request.urlopen(address, timeout=5):
        return True


def address_of_lab(log):
    """Return the address, with token, that a JupyterLab has printed to a file, once it answers.

    It prints the address, and writes it to its own records, before it listens there.
    """
    printed = until(lambda: re.search(PRINTED, log.read_text()), log=log)[0]
    until(lambda: answers(printed), log=log)
    return printed
