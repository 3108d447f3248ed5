"""The servers that the service's benchmark asks: ours, nginx, etcd. Each ends with its `with`, by its pid."""
import contextlib
import http.client
import json
import os
import resource
import shutil
import socket
import ssl
import subprocess
import tempfile
import time

from common import ROOT, tag

BENCH = os.path.join(ROOT, ".build/release/service-bench")
SERVER_CORE, CLIENT_CORE = 0, os.cpu_count() - 1
TICK = os.sysconf("SC_CLK_TCK")
# What is measured goes before everything else on a machine that others use, too (sched(7)).
AHEAD = bool(os.environ.get("BENCH_AHEAD"))


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def resident_mib(pid):
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def pinned(core, ahead=AHEAD):
    """For `preexec_fn`: one core, before others where that is wanted, and descriptors for thousands of clients."""
    def prepare():
        if ahead:
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
        if core is not None:
            os.sched_setaffinity(0, {core})
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return prepare


def run_bench(*words, core=None, ahead=AHEAD):
    """A verb of service-bench, to its end."""
    done = subprocess.run(
        [BENCH, *map(str, words)], text=True, capture_output=True, preexec_fn=pinned(core, ahead), timeout=600)
    if done.returncode:
        raise RuntimeError(f"service-bench {words[0]}: {done.stderr.strip()}")
    return json.loads(done.stdout)


class State:
    """A folder for one controller, and what stands elsewhere because of it."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="virtcloud-bench-", dir="/var/tmp")
        return self

    def __exit__(self, *_):
        shutil.rmtree(f"/run/virtcloud-{tag(self.path)}", ignore_errors=True)
        shutil.rmtree(self.path)

    def file(self, name):
        return os.path.join(self.path, name)


class Server:
    """A process that is ended."""
    process = None

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    @property
    def pid(self):
        return self.process.pid

    def until_listening(self, port, seconds=20):
        end = time.monotonic() + seconds
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), 1).close()
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"{type(self).__name__} does not listen") from None
                time.sleep(0.01)


class Service(Server):
    """`service-bench serve`: the program's own service, engine and store, with an administrator's token."""

    def __init__(self, state, *words, core=SERVER_CORE):
        self.state, self.words, self.core = state, words, core

    def start(self):
        port, begin = free_port(), time.monotonic()
        self.log = open(self.state.file("log"), "w")
        self.process = subprocess.Popen(
            [BENCH, "serve", "--state", self.state.path, "--port", str(port), *map(str, self.words)],
            text=True, stdout=subprocess.PIPE, stderr=self.log, preexec_fn=pinned(self.core))
        self.ready_seconds = self.until_ready(port, begin)
        self.ready_processor_seconds = processor_seconds(self.pid)
        text = ""
        while True:
            line = self.process.stdout.readline()
            text += line
            with contextlib.suppress(json.JSONDecodeError):
                said = json.loads(text)
                break
            if not line:
                raise RuntimeError(f"service-bench serve: {open(self.state.file('log')).read()}")
        self.port, self.token, self.said = said["port"], said["token"], said
        self.url = f"https://127.0.0.1:{self.port}"
        self.headers = {"Authorization": f"Bearer {self.token}"}

    def __exit__(self, *_):
        super().__exit__()
        self.log.close()
        if self.process:
            self.process.stdout.close()

    def until_ready(self, port, begin):
        """Seconds from the process's start to the first 200 of /readyz."""
        while time.monotonic() < begin + 120:
            with contextlib.suppress(OSError, http.client.HTTPException):
                link = connection(port)
                link.request("GET", "/readyz")
                if link.getresponse().status == 200:
                    return time.monotonic() - begin
            if self.process.poll() is not None:
                raise RuntimeError(f"service-bench serve: {open(self.state.file('log')).read()}")
            time.sleep(0.01)
        raise RuntimeError("service-bench serve is not ready after two minutes")

    def ask(self, method, path, body=None, headers=None):
        link = connection(self.port)
        try:
            link.request(method, path, body, {**self.headers, **(headers or {})})
            answer = link.getresponse()
            return answer.status, answer.read()
        finally:
            link.close()

    def __str__(self):
        return "virtcloud"


def connection(port):
    """Over TLS; who answers is known by the port."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return http.client.HTTPSConnection("127.0.0.1", port, timeout=30, context=context)


class Nginx(Server):
    """Static files over TLS 1.3, one worker."""

    def __init__(self, state, files, core=SERVER_CORE):
        self.state, self.files, self.core = state, files, core

    def start(self):
        self.port = free_port()
        for name, content in self.files.items():
            with open(self.state.file(name), "wb") as file:
                file.write(content)
        os.chmod(self.state.path, 0o711)
        configuration = self.state.file("nginx.conf")
        with open(configuration, "w") as file:
            file.write(f"""\
daemon off; master_process off; worker_processes 1; pid {self.state.file("nginx.pid")};
error_log {self.state.file("nginx.log")};
events {{ worker_connections 4096; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; open_file_cache max=100;
  default_type application/json;
  server {{
    listen 127.0.0.1:{self.port} ssl; ssl_protocols TLSv1.3;
    ssl_certificate {self.state.file("chain.pem")}; ssl_certificate_key {self.state.file("key.pem")};
    root {self.state.path};
  }}
}}
""")
        self.process = subprocess.Popen(
            ["nginx", "-p", self.state.path, "-c", configuration], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, preexec_fn=pinned(self.core))
        self.until_listening(self.port)
        self.url, self.headers = f"https://127.0.0.1:{self.port}", {}


class Etcd(Server):
    """One member on the disk, by itself."""

    def __init__(self, state, core=SERVER_CORE, tls=True):
        self.state, self.core, self.tls = state, core, tls

    def start(self):
        self.port, peer = free_port(), free_port()
        scheme = "https" if self.tls else "http"
        self.url, self.headers = f"{scheme}://127.0.0.1:{self.port}", {}
        tls = ["--cert-file", self.state.file("chain.pem"), "--key-file", self.state.file("key.pem")]
        self.process = subprocess.Popen(
            ["etcd", "--name", "bench", "--data-dir", self.state.file("etcd"), "--listen-client-urls", self.url,
             "--advertise-client-urls", self.url, "--listen-peer-urls", f"http://127.0.0.1:{peer}",
             "--initial-advertise-peer-urls", f"http://127.0.0.1:{peer}",
             "--initial-cluster", f"bench=http://127.0.0.1:{peer}", "--log-level", "error",
             "--quota-backend-bytes", str(4 << 30), *(tls if self.tls else [])],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=pinned(self.core))
        self.until_listening(self.port)
        time.sleep(1)  # it listens before it leads
