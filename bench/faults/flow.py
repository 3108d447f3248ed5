"""A steady flow of numbered datagrams between two machines, and which of them arrived.

The one file that sender, receiver and driver share begins with how many were sent; each datagram has an octet behind
that, which counts how often it came.
"""
import mmap
import os
import socket
import struct
import subprocess
import sys
import time

from places import LIBC, PR_SET_PDEATHSIG, enter

RATE, MOST, PORT, HEAD = 1000, 4_000_000, 5005, 16


class Flow:
    """A flow that runs from its making until `stop`."""

    def __init__(self, path, sender, receiver, address):
        """`sender` and `receiver` are ids of processes on the machines; `address` is the receiver's."""
        with open(path, "wb") as file:
            file.truncate(HEAD + MOST)
        with open(path, "r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)
        self._processes = [
            subprocess.Popen(
                [sys.executable, "-B", os.path.abspath(__file__), what, path, str(pid), address],
                preexec_fn=lambda: LIBC.prctl(PR_SET_PDEATHSIG, 9))
            for what, pid in (("receive", receiver), ("send", sender))]

    @property
    def sent(self):
        return struct.unpack_from("=Q", self._map)[0]

    @property
    def lives(self):
        return all(process.poll() is None for process in self._processes)

    def missing(self, first, end):
        """Numbers of those that were sent and did not come."""
        octets = self._map[HEAD + first:HEAD + end]
        return [first + index for index, octet in enumerate(octets) if not octet]

    def lost(self, first):
        """How many did not come of those that were sent from `first` until now; waits for the last ones."""
        end = self.sent
        deadline = time.monotonic() + 2
        while (count := len(self.missing(first, end))) and time.monotonic() < deadline:
            time.sleep(0.05)
        return count, end - first

    def stop(self):
        for process in self._processes:
            process.kill()
            process.wait(10)


def send(memory, address):
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    out.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
    begin = time.monotonic() + 0.5  # the receiver listens by then
    for number in range(MOST):
        pause = begin + number / RATE - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        try:
            out.sendto(struct.pack("!Q", number) + bytes(92), (address, PORT))
        except OSError:
            pass  # it counts as sent, and so as lost
        struct.pack_into("=Q", memory, 0, number + 1)


def receive(memory):
    port = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    port.setsockopt(socket.SOL_SOCKET, 33, 16 << 20)  # SO_RCVBUFFORCE (socket(7))
    port.bind(("", PORT))
    while True:
        number = struct.unpack_from("!Q", port.recv(2048))[0]
        if number < MOST:
            memory[HEAD + number] = min(255, memory[HEAD + number] + 1)


def main():
    what, path, pid, address = sys.argv[1:]
    with open(path, "r+b") as file:
        memory = mmap.mmap(file.fileno(), 0)
    enter(f"/proc/{pid}/ns/net")
    try:
        os.nice(-10)  # its own pauses are not what is measured
    except OSError:
        pass
    send(memory, address) if what == "send" else receive(memory)


if __name__ == "__main__":
    main()
