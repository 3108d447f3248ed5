"""Machines of a site as network namespaces on one switch, processes in them, and an end of all of it."""
import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG, CLONE_NEWNET, MNT_DETACH = 1, 0x40000000, 2
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(1, os.path.join(ROOT, "bench"))


def program():
    """The program under test: `VIRTCLOUD`, or what `make build` made."""
    return os.environ.get("VIRTCLOUD", os.path.join(ROOT, ".build/release/virtcloud"))


def run(*words, check=True, timeout=60, **options):
    done = subprocess.run(words, text=True, capture_output=True, timeout=timeout, **options)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip() or done.stdout.strip()}")
    return done


def until(condition, seconds, what, pause=0.02):
    """Waits for a condition and returns what it is; fails after so many seconds."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise RuntimeError(f"after {seconds} s there is still not: {what}")
        time.sleep(pause)


def enter(namespace):
    """Brings the calling thread, and only it, into a network namespace, given by its path."""
    with open(namespace) as file:
        if LIBC.setns(file.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"enter {namespace}")


class Process:
    """A process that does not outlive the driver."""

    def __init__(self, words, output, environment=None):
        self.words, self.output = words, output
        with open(output, "ab") as file:
            self._process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=file, stderr=file, env={**os.environ, **(environment or {})},
                start_new_session=True, preexec_fn=lambda: LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL))

    @property
    def pid(self):
        return self._process.pid

    @property
    def lives(self):
        return self._process.poll() is None

    def kill(self, number=signal.SIGKILL, seconds=20):
        """Ends it and waits for that."""
        if self.lives:
            self._process.send_signal(number)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(seconds)
            raise RuntimeError(f"{self.words} did not end by signal {number} in {seconds} s") from None

    def log(self, size=3000):
        with open(self.output, errors="replace") as file:
            return file.read()[-size:]


class Site:
    """Namespaces on one switch, a folder, and processes; leaves nothing behind.

    Machines are numbered from 1 and have the address 10.97.0.NUMBER.
    """

    def __enter__(self):
        self._end = contextlib.ExitStack()
        try:
            self.folder = tempfile.mkdtemp(prefix="virtcloud-faults-", dir="/var/tmp")
            self._end.callback(shutil.rmtree, self.folder, ignore_errors=True)
            self.tag = "vcf" + self.folder[-6:]
            self.switch = self._namespace("switch")
            self._ip(self.switch, "link add sw type bridge", "link set sw up", "addr add 10.97.0.254/24 dev sw")
            self._processes = []
            self._end.callback(self._kill_all)
        except BaseException:
            self._end.close()
            raise
        return self

    def __exit__(self, *_):
        self._end.close()

    def at_end(self, body, *arguments, **options):
        """Calls it at the end, before what was there before goes."""
        self._end.callback(body, *arguments, **options)

    def _kill_all(self):
        for process in reversed(self._processes):
            with contextlib.suppress(Exception):  # the others shall end all the same
                process.kill()

    def _namespace(self, name):
        name = f"{self.tag}-{name}"
        run("ip", "netns", "add", name)
        self._end.callback(run, "ip", "netns", "del", name, check=False)
        run("ip", "-n", name, "link", "set", "lo", "up")
        return name

    @staticmethod
    def _ip(namespace, *commands):
        for words in commands:
            run("ip", "-n", namespace, *words.split())

    def machine(self, name, number, trunk=False):
        """A machine; with a trunk, `eth1` is on a second switch of the site."""
        namespace = self._namespace(name)
        self._cable(namespace, "eth0", f"p{number}", "sw")
        self._ip(namespace, f"addr add {self.address(number)}/24 dev eth0")
        if trunk:
            if run("ip", "-n", self.switch, "link", "show", "trunk", check=False).returncode:
                self._ip(self.switch, "link add trunk type bridge", "link set trunk up")
            self._cable(namespace, "eth1", f"t{number}", "trunk")
        return namespace

    def _cable(self, namespace, link, port, switch):
        self._ip(
            self.switch, f"link add {port} type veth peer name {link} netns {namespace}",
            f"link set {port} master {switch} up")
        self._ip(namespace, f"link set {link} up")

    @staticmethod
    def address(number):
        return f"10.97.0.{number}"

    def cut(self, number, isCut):
        """Takes a machine's cable out of the switch, or puts it back."""
        self._ip(self.switch, f"link set p{number} {'down' if isCut else 'up'}")

    def path(self, *parts):
        path = os.path.join(self.folder, *parts)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def write(self, text, *parts):
        path = self.path(*parts)
        with open(path + ".new", "w") as file:
            file.write(text)
        os.replace(path + ".new", path)
        return path

    def start(self, namespace, words, output, environment=None):
        process = Process(
            ["nsenter", f"--net=/run/netns/{namespace}", *words], self.path(output), environment)
        self._processes.append(process)
        return process
