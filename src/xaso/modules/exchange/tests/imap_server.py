"""A fake IMAP server over TLS for tests, and it says so. It keeps the rules of the parts we use: tagged commands in
their states, LOGIN before EXAMINE before UID, literals with their exact length, PEEK that marks nothing."""

import datetime as dt
import ipaddress
import re
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

GREETING = "* OK XaSo FAKE IMAP server for tests, not a real mailbox"


@dataclass
class Post:
    """What lies in the mailbox, by number; and what was asked."""

    user: str = "vanthu"
    password: str = "mat-khau-thu"
    validity: int = 7
    letters: dict[int, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    sizes: dict[int, int] = field(default_factory=dict)
    hang_up_on: str = ""
    port: int = 0
    authority: str = ""


class _Session(socketserver.StreamRequestHandler):
    def say(self, line: str | bytes) -> None:
        self.wfile.write((line.encode() if isinstance(line, str) else line) + b"\r\n")

    def handle(self) -> None:
        post, state = self.server.post, "new"
        self.say(GREETING)
        while line := self.rfile.readline(8192).decode().strip():
            tag, _, rest = line.partition(" ")
            verb = rest.split(" ")[0].upper()
            post.asked.append(rest if verb != "LOGIN" else "LOGIN")
            if post.hang_up_on and post.hang_up_on in rest:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if verb == "CAPABILITY":
                self.say("* CAPABILITY IMAP4rev1")
                self.say(f"{tag} OK done")
            elif verb == "LOGIN" and state == "new":
                words = [word.strip('"') for word in rest.split(" ")[1:]]
                right = words == [post.user, post.password]
                state = "in" if right else state
                self.say(f"{tag} OK in" if right else f"{tag} NO wrong name or password")
            elif verb in {"EXAMINE", "SELECT"} and state in {"in", "open"}:
                state = self.open_folder(tag, verb, rest)
            elif verb == "UID" and state == "open":
                self.uid(tag, rest)
            elif verb == "LOGOUT":
                self.say("* BYE")
                self.say(f"{tag} OK bye")
                return
            else:
                self.say(f"{tag} BAD not in state {state}")

    def open_folder(self, tag: str, verb: str, rest: str) -> str:
        post = self.server.post
        if '"INBOX"' not in rest:
            self.say(f"{tag} NO no such folder")
            return "in"
        self.say(f"* {len(post.letters)} EXISTS")
        self.say(f"* OK [UIDVALIDITY {post.validity}] valid")
        self.say(f"{tag} OK [READ-{'ONLY' if verb == 'EXAMINE' else 'WRITE'}] open")
        return "open"

    def uid(self, tag: str, rest: str) -> None:
        post = self.server.post
        if re.fullmatch(r"UID SEARCH SINCE \d{2}-[A-Z][a-z]{2}-\d{4}", rest):
            self.say("* SEARCH " + " ".join(map(str, sorted(post.letters))))
            return self.say(f"{tag} OK done")
        asked = re.fullmatch(r"UID FETCH (\d+) \((RFC822\.SIZE|BODY\.PEEK\[(?:HEADER)?\])\)", rest)
        if not asked or int(asked[1]) not in post.letters:
            return self.say(f"{tag} BAD what")
        number, what = int(asked[1]), asked[2]
        raw = post.letters[number]
        if what == "RFC822.SIZE":
            self.say(f"* 1 FETCH (UID {number} RFC822.SIZE {post.sizes.get(number, len(raw))})")
        else:
            part = raw if what == "BODY.PEEK[]" else raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            self.say(f"* 1 FETCH (UID {number} {what.replace('.PEEK', '')} {{{len(part)}}}")
            self.wfile.write(part + b")\r\n")
        return self.say(f"{tag} OK done")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, client_address) -> None:
        """A client that does not trust the certificate hangs up: that is what is tested."""


def _certificate(folder: Path) -> tuple[str, str]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "fake imap of the tests")])
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "imap.crt", folder / "imap.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return str(certificate), str(secret)


@contextmanager
def imap_server(folder: Path) -> Iterator[Post]:
    certificate, secret = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, secret)
    server = _Server(("127.0.0.1", 0), _Session)
    server.post = Post(port=server.server_address[1], authority=certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server.post
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
