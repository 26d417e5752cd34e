"""Loaded by every Python that the tests start, kernels too: no connection may leave this machine.

An attempt is refused, and noted in the file COURSEKIT_NETWORK_LOG, on which the test run fails even
where the code under test swallows the error.
"""

import os
import sys

LOCAL = ("127.", "::1", "localhost", "0.0.0.0")


def _is_local(host):
    if isinstance(host, bytes):
        host = host.decode(errors="replace")
    return not host or not isinstance(host, str) or host.startswith(("/", *LOCAL))


def refuse_connections(event, arguments):
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) and address else ""
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if _is_local(host):
        return
    with open(os.environ["COURSEKIT_NETWORK_LOG"], "a", encoding="utf-8") as log:
        log.write(f"{event} to {host!r} in {' '.join(sys.argv[:2])}\n")
    raise OSError(f"the tests may not connect to {host!r}")


if os.environ.get("COURSEKIT_NETWORK_LOG"):
    sys.addaudithook(refuse_connections)
