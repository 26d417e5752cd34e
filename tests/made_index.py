"""Package indexes on loopback, made for a test: the usual one, and PyTorch's own behind a proxy.

uv knows the address of PyTorch's index by heart and asks it over TLS. So it is given a proxy to go
through and an authority to trust, as in a company: the proxy answers itself, as whoever is asked for.
"""

import datetime
import io
import socket
import ssl
import threading
import zipfile
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

# All that a build needs to put a project in place as editable.
BACKEND = """
import zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "coursekit_cnn-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        info = "coursekit_cnn-0.1.0.dist-info"
        wheel.writestr(f"{info}/METADATA", metadata())
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return name

def metadata():
    import re
    text = open("pyproject.toml", encoding="utf-8").read()
    [wanted] = re.findall(r"^dependencies = \\[(.*?)^\\]", text, re.M | re.S)
    lines = [f"Requires-Dist: {name}" for name in re.findall(r'^ *"(.*?)"', wanted, re.M)]
    return "\\n".join(["Metadata-Version: 2.1", "Name: coursekit-cnn", "Version: 0.1.0", *lines, ""])
"""


def wheel(name, version, needs=(), files=None):
    """The name of a wheel's file, and its bytes."""
    stem = f"{name.replace('-', '_')}-{version}"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for path, text in (files or {}).items():
            packed.writestr(path, text)
        about = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
        about += [f"Requires-Dist: {other}" for other in needs or ()]
        packed.writestr(f"{stem}.dist-info/METADATA", "\n".join([*about, ""]))
        tag = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        packed.writestr(f"{stem}.dist-info/WHEEL", tag)
        packed.writestr(f"{stem}.dist-info/RECORD", "")
    return f"{stem}-py3-none-any.whl", content.getvalue()


def hatchling():
    """A build backend under the name that pyproject.toml asks for, which needs nothing."""
    files = {"hatchling/__init__.py": "", "hatchling/build.py": BACKEND}
    return wheel("hatchling", "1.0", files=files)


class Index(BaseHTTPRequestHandler):
    """Serves `server.pages`, by path, to whoever asks; to CONNECT it answers as the host that is meant."""

    protocol_version = "HTTP/1.1"
    timeout = 10  # seconds, for a connection on which nothing more comes
    host = "the usual one"

    def do_CONNECT(self):
        self.host = self.path.partition(":")[0]
        self.server.asked.append((self.host, "CONNECT"))
        self.send_response(200)
        self.end_headers()
        secured = self.server.authority.context(self.host).wrap_socket(self.connection, True)
        self.connection = secured
        self.server.open.append(secured)
        self.rfile, self.wfile = secured.makefile("rb"), secured.makefile("wb", 0)

    def do_GET(self):
        self.server.asked.append((self.host, unquote(self.path)))
        page = self.server.pages.get(unquote(self.path))
        self.send_response(404 if page is None else 200)
        kind = "text/html" if self.path.endswith("/") else "application/octet-stream"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(page or b"")))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(page or b"")

    do_HEAD = do_GET

    def finish(self):
        super().finish()
        self.connection.close()

    def log_message(self, *about):
        pass


def shelf(root, wheels):
    """The pages of an index at `root` that holds these wheels."""
    pages, by_name = {}, {}
    for file, content in wheels:
        pages[f"{root}files/{file}"] = content
        by_name.setdefault(file.partition("-")[0].replace("_", "-"), []).append(file)
    for name, files in by_name.items():
        links = "".join(f'<a href="{root}files/{file}">{file}</a>' for file in files)
        pages[f"{root}{name}/"] = f"<!doctype html><body>{links}</body>".encode()
    return pages


class Server(ThreadingHTTPServer):
    """Closes with all that is still open, whoever holds the other end."""

    daemon_threads = False

    def __init__(self, pages, authority):
        super().__init__(("127.0.0.1", 0), Index)
        self.pages, self.authority, self.asked, self.open = pages, authority, [], []

    def process_request(self, request, client_address):
        self.open.append(request)
        super().process_request(request, client_address)

    def server_close(self):
        for connection in self.open:
            with suppress(OSError, ValueError):  # it has ended by itself
                connection.shutdown(socket.SHUT_RDWR)
        super().server_close()


@contextmanager
def served(pages, authority=None):
    """A server on loopback while the block lasts; `asked` holds (host, path) of each request."""
    server = Server(pages, authority)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Authority:
    """A certificate authority for an hour, and what it signs."""

    def __init__(self, folder):
        self.folder, self.contexts, self.signing = folder, {}, threading.Lock()
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "made for a test")])
        self.file = folder / "authority.pem"
        self.file.write_bytes(self._signed(self.key, self.name, None))

    def context(self, host):
        """What a server needs to speak as this host."""
        with self.signing:
            if host not in self.contexts:
                self.contexts[host] = self._for(host)
        return self.contexts[host]

    def _for(self, host):
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
        coded = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8)
        secret = key.private_bytes(*coded, serialization.NoEncryption())
        file = self.folder / f"{host}.pem"
        file.write_bytes(secret + self._signed(key, name, host))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _signed(self, key, name, host):
        now = datetime.datetime.now(datetime.timezone.utc)
        hour = datetime.timedelta(hours=1)
        made = x509.CertificateBuilder(self.name, name, key.public_key())
        made = made.serial_number(x509.random_serial_number())
        made = made.not_valid_before(now - hour).not_valid_after(now + hour)
        made = made.add_extension(x509.BasicConstraints(host is None, None), critical=True)
        if host is not None:
            made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), False)
        return made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
