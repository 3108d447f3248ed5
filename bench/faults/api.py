"""Speaking with controllers as any client does: over TLS, with a token, to whoever leads."""
import http.client
import json
import socket
import ssl
import time
from urllib.parse import urlsplit

from places import enter


class Unknown(Exception):
    """No answer, or none that says what was done."""


class Api:
    """One connection at a time, of one thread; follows redirections to the leader."""

    def __init__(self, addresses, token, ca, namespace=None, timeout=1.0):
        self.addresses, self.token, self.namespace, self.timeout = list(addresses), token, namespace, timeout
        self._context = ssl.create_default_context(cafile=ca)
        # Controllers are addressed by number; whose certificates they are says the authority.
        self._context.check_hostname = False
        self._connection, self._at = None, self.addresses[0]

    @property
    def at(self):
        """Who was asked last."""
        return self._at

    def begin(self):
        """To be called in the thread that will use it."""
        if self.namespace:
            enter(self.namespace)
        return self

    def ask(self, method, path, body=None, headers=None, timeout=None):
        """The status and document of one answer; throws `Unknown`."""
        for _ in range(4):
            status, document, location = self._once(method, path, body, headers or {}, timeout or self.timeout)
            if status != 307:
                if status in (500, 502, 503, 504, 429):
                    self._turn()
                    raise Unknown(f"{status} {document}")
                return status, document
            target = urlsplit(location)
            self._go(target.netloc)
        raise Unknown("redirected in a circle")

    def insist(self, method, path, body=None, headers=None, until=None, pause=0.05):
        """Asks until there is an answer, or the moment `until`; nil then."""
        while True:
            try:
                return self.ask(method, path, body, headers)
            except Unknown:
                if until is not None and time.monotonic() > until:
                    return None
                time.sleep(pause)

    def _go(self, address):
        if address != self._at:
            self.close()
            self._at = address

    def _turn(self):
        index = self.addresses.index(self._at) if self._at in self.addresses else -1
        self._go(self.addresses[(index + 1) % len(self.addresses)])

    def close(self):
        if self._connection:
            self._connection.close()
        self._connection = None

    def _once(self, method, path, body, headers, timeout):
        try:
            if self._connection is None:
                host, port = self._at.rsplit(":", 1)
                self._connection = http.client.HTTPSConnection(host, int(port), timeout=0.5, context=self._context)
                self._connection.connect()
                self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connection.sock.settimeout(timeout)
            words = {"Authorization": f"Bearer {self.token}", **headers}
            self._connection.request(method, path, body, words)
            answer = self._connection.getresponse()
            content = answer.read()
            if answer.will_close:
                self.close()
            isDocument = "json" in (answer.headers.get("Content-Type") or "")
            return answer.status, json.loads(content) if isDocument and content else content, answer.headers["Location"]
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            self._turn()
            raise Unknown(f"{type(error).__name__}: {error}") from None


class LocalConnection(http.client.HTTPConnection):
    """To a controller of this machine, as root."""

    def __init__(self, path):
        super().__init__("localhost", timeout=10)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def local(path, method, target, body=None, type="application/json"):
    """One request over a Unix socket; throws where it is not answered well."""
    connection = LocalConnection(path)
    try:
        connection.request(method, target, body, {"Content-Type": type})
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {target}: {answer.status} {content[:600].decode(errors='replace')}")
    return json.loads(content) if content else None
