"""A controller that serves what stands in a folder, for tests of agents: controller.py FOLDER ADDRESS [URL]

It speaks the agents' routes over TLS 1.3. Files in FOLDER, read anew at each request:
  plans.json     by host, what it is given; `time` is added
  tokens.json    one-time tokens and their hosts; what was used is in used.txt
  life           seconds that certificates live (default a day); start: seconds from now at which they begin
  protocol       the only version of the protocol that is spoken (default 1)
  redirect       where everybody is sent on to
It writes authority.pem and authority.sha256, port (when it listens), and log.jsonl, a line a request.
"""
import datetime, hashlib, http.server, json, os, re, ssl, subprocess, sys, threading, time, urllib.parse

folder, address = sys.argv[1], sys.argv[2]
lock = threading.Lock()
signing = threading.Lock()
holders = {}


def path(name):
    return os.path.join(folder, name)


def text(name, default=""):
    try:
        with open(path(name)) as file:
            return file.read().strip()
    except FileNotFoundError:
        return default


def document(name):
    for _ in range(100):
        try:
            return json.loads(text(name, "{}"))
        except ValueError:
            time.sleep(0.01)
    return {}


def openssl(*arguments):
    subprocess.run(("openssl",) + arguments, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def moment(seconds):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)).strftime("%Y%m%d%H%M%SZ")


def sign(request, extension, start, life):
    with signing:
        openssl("ca", "-config", "ca.conf", "-batch", "-notext", "-in", request, "-out", request + ".pem",
                "-startdate", moment(start), "-enddate", moment(start + life), "-extensions", extension)
        return text(request + ".pem") + "\n"


def make_authority():
    with open(path("ca.conf"), "w") as file:
        file.write(f"""[ca]
default_ca = d
[d]
dir = {folder}
database = {folder}/index.txt
serial = {folder}/serial
new_certs_dir = {folder}
certificate = {folder}/authority.pem
private_key = {folder}/authority.key
default_md = sha256
policy = p
unique_subject = no
[p]
commonName = supplied
[server]
basicConstraints = CA:FALSE
subjectAltName = IP:{address}
extendedKeyUsage = serverAuth
[agent]
basicConstraints = CA:FALSE
extendedKeyUsage = clientAuth
""")
    open(path("index.txt"), "w").close()
    with open(path("serial"), "w") as file:
        file.write("1000\n")
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
            "authority.key", "-out", "authority.pem", "-subj", "/CN=test authority", "-days", "10")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "server.key", "-out",
            "server.csr", "-subj", "/CN=controller")
    chain = sign("server.csr", "server", int(text("server-start", "-60")), 864000) + text("authority.pem") + "\n"
    with open(path("chain.pem"), "w") as file:
        file.write(chain)
    der = ssl.PEM_cert_to_DER_cert(text("authority.pem") + "\n")
    with open(path("authority.sha256"), "w") as file:
        file.write(hashlib.sha256(der).hexdigest())


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, value, headers=()):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if status < 400 else "application/problem+json")
        self.send_header("Content-Length", str(len(body)))
        for name, content in headers:
            self.send_header(name, content)
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, status, code, detail):
        self.answer(status, {"type": "https://virtcloud.invalid/problems/" + code, "title": code, "status": status,
                             "code": code, "detail": detail, "remedy": "Do otherwise."})

    def subject(self):
        certificate = self.connection.getpeercert() or {}
        return dict(item for part in certificate.get("subject", ()) for item in part).get("commonName")

    def handle_one(self, body):
        url = urllib.parse.urlsplit(self.path)
        subject = self.subject()
        with lock, open(path("log.jsonl"), "a") as file:
            file.write(json.dumps({"time": time.time(), "method": self.command, "path": self.path, "host": subject,
                                   "body": body}) + "\n")
        redirect = text("redirect")
        if redirect:
            return self.answer(307, {}, [("Location", redirect + self.path)])
        spoken = int(text("protocol", "1"))
        if int(self.headers.get("VirtCloud-Agent-Protocol", "0")) != spoken:
            return self.refuse(409, "protocol-version", f"The agent speaks version "
                               f"{self.headers.get('VirtCloud-Agent-Protocol')}, this controller version {spoken}.")
        if url.path == "/v1/agents/enrol":
            return self.enrol(body)
        found = re.fullmatch(r"/v1/agents/([^/]+)/(plans|reports|renew)", url.path)
        if not found:
            return self.refuse(404, "no-such-route", "There is no such route.")
        host, what = found.groups()
        if subject != host:
            return self.refuse(401, "not-an-agent", f"This is not the agent of {host}.")
        if what == "renew":
            return self.certificate(host, body["signingRequest"])
        if not self.is_first(host):
            return self.refuse(409, "agent-name-taken", f"Another agent already speaks for host {host}.")
        if what == "reports":
            return self.answer(200, {})
        return self.plans(host, urllib.parse.parse_qs(url.query))

    def is_first(self, host):
        key = self.connection.getpeercert(binary_form=True)
        serial = self.connection.getpeercert().get("serialNumber")
        with lock:
            if text("strict"):
                return holders.setdefault(host, serial) == serial
        return key is not None

    def enrol(self, body):
        tokens = document("tokens.json")
        used = text("used.txt").split()
        if tokens.get(body["token"]) != body["host"] or body["token"] in used:
            return self.refuse(403, "token-invalid", "The token is not known, was used, or has expired.")
        with lock, open(path("used.txt"), "a") as file:
            file.write(body["token"] + "\n")
        return self.certificate(body["host"], body["signingRequest"])

    def certificate(self, host, request):
        name = f"{host}-{time.time_ns()}.csr"
        with open(path(name), "w") as file:
            file.write(request)
        leaf = sign(name, "agent", int(text("start", "-60")), int(text("life", "86400")))
        others = text("others").split()
        self.answer(200, {"certificate": leaf, "authority": text("authority.pem") + "\n", "controllers": others})

    def plans(self, host, query):
        after, wait = int(query["after"][0]), float(query["wait"][0])
        end = time.monotonic() + wait
        while True:
            value = dict(document("plans.json").get(host) or {"host": host, "generation": 0, "plans": [],
                         "leaseEnds": {}, "fences": {}, "poll": 2})
            value["time"] = int(time.time())
            if value["generation"] > after or text("always"):
                return self.answer(200, value)
            if time.monotonic() >= end:
                value.update(plans=None, leaseEnds={}, fences={}, generation=after)
                return self.answer(200, value)
            time.sleep(0.02)

    def do_GET(self):
        self.handle_one(None)

    def do_POST(self):
        length = int(self.headers.get("Content-Length", "0"))
        self.handle_one(json.loads(self.rfile.read(length) or b"{}"))


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass

    def process_request_thread(self, request, client_address):
        try:
            request.do_handshake()
        except (OSError, ssl.SSLError):
            self.shutdown_request(request)
            return
        super().process_request_thread(request, client_address)


make_authority()
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.minimum_version = ssl.TLSVersion.TLSv1_3
context.load_cert_chain(path("chain.pem"), path("server.key"))
context.load_verify_locations(path("authority.pem"))
context.verify_mode = ssl.CERT_OPTIONAL
server = Server((address, 0), Handler)
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
with open(path("port.new"), "w") as file:
    file.write(str(server.server_port))
os.rename(path("port.new"), path("port"))
server.serve_forever()
