"""Encrypted tunnels of Debian between two hosts. Each ends at its own interface, without bridges: what a guest behind
one would get is less."""
import os
import shutil
import subprocess
import tempfile

from network_path import ByHand, Path, Unavailable


class Tunnel(ByHand):
    """Two hosts on a cable; a subclass runs a program on each that makes an interface."""

    program = ""

    def build(self):
        if not shutil.which(self.program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin"):
            raise Unavailable(f"{self.program} is not installed")
        self.folder = tempfile.mkdtemp(prefix="vcbench-")
        self.hosts = [self.namespace("h1"), self.namespace("h2")]
        self.cable(*self.hosts, "trunk", "trunk", "10.8.0.1/24", "10.8.0.2/24")
        link = self.run()
        for number, host in enumerate(self.hosts, 1):
            self.await_link(host, link, f"10.9.0.{number}/24")
        self.paths = [Path(*self.hosts, "10.9.0.1", "10.9.0.2")]
        self.await_path(self.path)

    def __exit__(self, *more):
        super().__exit__(*more)
        shutil.rmtree(getattr(self, "folder", ""), ignore_errors=True)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", opener=lambda file, flags: os.open(file, flags, 0o600)) as file:
            file.write(text)
        return path

    def make(self, *words):
        done = subprocess.run(words, text=True, capture_output=True, cwd=self.folder, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise Unavailable(f"{' '.join(words)}: {done.stderr.strip()}")
        return done.stdout


class OpenVPN(Tunnel):
    title = "OpenVPN (tap, AES-128-GCM)"
    program = "openvpn"

    def run(self):
        prints = []
        for side in "12":
            self.make("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp384r1", "-nodes",
                      "-keyout", f"key{side}", "-out", f"cert{side}", "-days", "2", "-subj", f"/CN=h{side}")
            text = self.make("openssl", "x509", "-fingerprint", "-sha256", "-in", f"cert{side}", "-noout")
            prints.append(text.split("=")[1].strip())
        for index, (host, role) in enumerate(zip(self.hosts, (["--tls-server", "--dh", "none"], ["--tls-client"]))):
            remote = ["--remote", "10.8.0.1"] if index else []
            self.start(host, "openvpn", "--dev", "tap7", "--dev-type", "tap", "--proto", "udp", *remote, *role,
                       "--cert", f"{self.folder}/cert{index + 1}", "--key", f"{self.folder}/key{index + 1}",
                       "--peer-fingerprint", prints[1 - index], "--data-ciphers", "AES-128-GCM", "--verb", "0")
        return "tap7"


class Tinc(Tunnel):
    title = "tinc"
    program = "tincd"

    def run(self):
        for number in (1, 2):
            folder = f"tinc{number}"
            self.write(f"{folder}/tinc.conf", f"Name = h{number}\nMode = switch\nDeviceType = tap\nInterface = tap7\n"
                       "AddressFamily = ipv4\n" + ("ConnectTo = h1\n" if number == 2 else ""))
            self.write(f"{folder}/hosts/h{number}", f"Address = 10.8.0.{number}\n")
            self.make("tincd", "-c", f"{self.folder}/{folder}", "-K", "2048")
        for number in (1, 2):
            shutil.copy(f"{self.folder}/tinc{number}/hosts/h{number}", f"{self.folder}/tinc{3 - number}/hosts/")
        for number, host in enumerate(self.hosts, 1):
            self.start(host, "tincd", "-c", f"{self.folder}/tinc{number}", "-D",
                       f"--pidfile={self.folder}/tinc{number}.pid")
        return "tap7"


class N2N(Tunnel):
    title = "n2n"
    program = "edge"

    def run(self):
        self.start(self.hosts[0], "supernode", "-l", "7654", "-f")
        for number, host in enumerate(self.hosts, 1):
            self.start(host, "edge", "-d", "tap7", "-a", f"10.9.0.{number}", "-c", "bench", "-k", "bench-key", "-l",
                       "10.8.0.1:7654", "-m", f"02:00:00:00:00:0{number}")
        return "tap7"


class VTun(Tunnel):
    title = "vtun (Ethernet, UDP, AES-128-ECB)"
    program = "vtund"

    def run(self):
        # It gives up at once where its interface is down.
        configs = [
            self.write(f"vtund{number}.conf", "options { port 5000; timeout 60; ip /sbin/ip; }\n"
                       "bench { passwd bench; type ether; proto udp; compress no; encrypt aes128ecb; persist yes;\n"
                       "  keepalive no; stat no; speed 0; device tap7;\n"
                       f'  up {{\n    ip "link set %% up";\n    ip "addr add 10.9.0.{number}/24 dev %%";\n  }};\n}}\n')
            for number in (1, 2)]
        self.start(self.hosts[0], "vtund", "-n", "-s", "-f", configs[0], "-P", "5000")
        self.await_port(self.hosts[0], 5000)
        self.start(self.hosts[1], "vtund", "-n", "-f", configs[1], "-P", "5000", "-p", "bench", "10.8.0.1")
        return "tap7"
