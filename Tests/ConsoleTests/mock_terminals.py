"""Shells in pseudo-terminals, as the service's terminals look to its clients."""

import base64
import fcntl
import os
import pty
import signal
import struct
import termios
import threading


class Terminal:
    """One shell."""

    def __init__(self, columns, rows):
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            environment = {"TERM": "xterm-256color", "PATH": "/usr/bin:/bin", "HOME": "/", "PS1": r"\h:\w\$ ", "LANG": "C.UTF-8"}
            os.execve("/bin/bash", ["bash", "--norc", "--noprofile"], environment)
        self.resize(columns, rows)
        self.condition = threading.Condition()
        self.chunks = []
        self.status = None
        self.sizes = [(columns, rows)]
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        while True:
            try:
                data = os.read(self.descriptor, 65536)
            except OSError:
                data = b""
            if not data:
                break
            with self.condition:
                self.chunks.append(base64.b64encode(data).decode())
                self.condition.notify_all()
        _, status = os.waitpid(self.pid, 0)
        with self.condition:
            self.status = os.waitstatus_to_exitcode(status)
            self.condition.notify_all()

    def resize(self, columns, rows):
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if hasattr(self, "sizes"):
            self.sizes.append((columns, rows))

    def write(self, data):
        while data:
            data = data[os.write(self.descriptor, data):]

    def close(self):
        if self.status is None:
            try:
                os.kill(self.pid, signal.SIGHUP)
            except ProcessLookupError:
                pass

    def wait(self, position):
        """What came after a position; None at the end."""
        with self.condition:
            while len(self.chunks) <= position and self.status is None:
                self.condition.wait(1)
            return self.chunks[position:] or None
