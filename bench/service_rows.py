"""The rows of `make bench-service`: each returns {"figures": …, "wanted": [(what, wanted, value, kept)]}."""
import base64
import contextlib
import json
import os
import shutil
import sys
import time

from common import ROOT, summary, text
from service_load import table, wrk
from service_servers import CLIENT_CORE, SERVER_CORE, Etcd, Nginx, Service, State, run_bench

DATA = os.environ.get("VIRTCLOUD_DATA", os.path.join(ROOT, "../shared/data"))
WORKLOAD = os.environ.get("BENCH_WORKLOAD", os.path.join(DATA, "vne/wx100-0.jsonl.gz"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "3"))
COUNT = int(os.environ.get("BENCH_INFRASTRUCTURES", "10000"))
AGENTS = int(os.environ.get("BENCH_AGENTS", "1000"))
FILE = {"Content-Type": "application/yaml"}
JSON = {"Content-Type": "application/json"}


def least(figures, title, name, wanted):
    found = figures["values"].get(title, {}).get(name)
    return (f"{title}: {name}", f">= {wanted}", text(found) if found else "not measured",
            found and found["median"] >= wanted)


def most(figures, title, name, wanted):
    found = figures["values"].get(title, {}).get(name)
    return (f"{title}: {name}", f"<= {wanted}", text(found, 1) if found else "not measured",
            found and found["median"] <= wanted)


def interleaved(measures, rounds):
    """Every measure once a round, every other round in the opposite order."""
    samples = {title: [] for title in measures}
    for number in range(rounds):
        for title, measure in list(measures.items())[::1 if number % 2 == 0 else -1]:
            try:
                samples[title].append(measure())
            except RuntimeError as error:
                print(f"  left out: {title}: {error}", file=sys.stderr, flush=True)
    return {"values": table(samples, summary), "samples": samples}


def requests_of(state):
    """The workload's requests as files for wrk."""
    return run_bench("workload", "--workload", WORKLOAD, "--to", state.path)


def begun(state, count):
    """Some infrastructures to look at."""
    requests_of(state)
    with open(state.file("small.requests")) as file:
        bodies = file.read().split("\0")
    service = Service(state, "--apply", "--workload", WORKLOAD)
    service.__enter__()
    for number in range(count):
        name = f"x{number:03}"
        status, answer = service.ask(
            "PUT", f"/v1/infrastructures/{name}", bodies[number % 3].replace("placeholder", name, 1), FILE)
        if status not in (200, 202):
            service.__exit__()
            raise RuntimeError(f"PUT {name}: {status} {answer.decode()}")
    return service


def key_value(file, key, value):
    """A request of etcd's gateway in a file for wrk."""
    one = {"key": base64.b64encode(key).decode()}
    if value is not None:
        one["value"] = base64.b64encode(value).decode()
    with open(file, "a") as out:
        out.write(json.dumps(one) + "\0")


def reads(rounds):
    """One infrastructure, and a page of a hundred, over TLS 1.3 with keep-alive: server on one core, wrk on another."""
    one, page = "/v1/infrastructures/x002", "/v1/infrastructures?limit=100"
    with contextlib.ExitStack() as stack:
        state, beside = stack.enter_context(State()), stack.enter_context(State())
        service = begun(state, 120)
        stack.callback(service.__exit__)
        time.sleep(2)
        contents = {"one.json": service.ask("GET", one)[1], "page.json": service.ask("GET", page)[1]}
        for name in ("chain.pem", "key.pem"):
            shutil.copy(state.file(name), beside.file(name))
        nginx = stack.enter_context(Nginx(beside, contents))
        etcd = stack.enter_context(Etcd(beside))
        status = put(etcd, b"one", contents["one.json"])
        if status != 200:
            raise RuntimeError(f"etcd answers {status}")
        key_value(beside.file("range"), b"one", None)
        figures = interleaved({
            "virtcloud, one": lambda: wrk(service, one, seconds=SECONDS),
            "nginx, file of that size": lambda: wrk(nginx, "/one.json", seconds=SECONDS),
            "etcd, range of that size": lambda: wrk(
                etcd, "/v3/kv/range", "post", beside.file("range"), seconds=SECONDS, headers=JSON),
            "virtcloud, page of 100": lambda: wrk(service, page, seconds=SECONDS),
            "nginx, file of the page's size": lambda: wrk(nginx, "/page.json", seconds=SECONDS),
        }, rounds)
        figures["octets"] = {name: len(content) for name, content in contents.items()}
    return {"figures": figures, "wanted": [
        least(figures, "virtcloud, one", "a second", 5000), most(figures, "virtcloud, one", "p99 ms", 20),
        least(figures, "virtcloud, one", "a processor second", 5000),
        least(figures, "virtcloud, page of 100", "a second", 5000),
        most(figures, "virtcloud, page of 100", "p99 ms", 20)]}


def put(etcd, key, value):
    from service_servers import connection
    import http.client
    link = connection(etcd.port) if etcd.tls else http.client.HTTPConnection("127.0.0.1", etcd.port)
    with contextlib.closing(link):
        link.request("POST", "/v3/kv/put", json.dumps(
            {"key": base64.b64encode(key).decode(), "value": base64.b64encode(value).decode()}))
        return link.getresponse().status


def admissions(rounds):
    """Requests on WX100 (each host and link a hundred of them), decided and durable; each round on a new state."""
    def ours(kind):
        with contextlib.ExitStack() as stack:
            state = stack.enter_context(State())
            requests_of(state)
            service = stack.enter_context(Service(state, "--apply", "--workload", WORKLOAD))
            return wrk(service, "", "put", state.file(f"{kind}.requests"), "x", seconds=SECONDS, connections=4,
                       headers=FILE)

    def engine(*words):
        with State() as state:
            found = run_bench("engine", "--state", state.path, "--workload", WORKLOAD, "--count", 200 * SECONDS,
                              "--clients", 4, *words, core=SERVER_CORE)
            return {"a second": found["admissions_per_second"], "p50 ms": found["p50_ms"], "p99 ms": found["p99_ms"],
                    "a processor second": 1000 / found["processor_ms_each"], "refused": found["refused"]}

    def etcd():
        with contextlib.ExitStack() as stack:
            state = stack.enter_context(State())
            run_bench("certificate", "--to", state.path)
            server = stack.enter_context(Etcd(state))
            for number in range(1000):
                key_value(state.file("put"), f"bench/{number}".encode(), b"x" * 2000)
            return wrk(server, "/v3/kv/put", "post", state.file("put"), seconds=SECONDS, connections=4, headers=JSON)

    figures = interleaved({
        "virtcloud, 2 to 4 nodes": lambda: ours("small"),
        "virtcloud, the file's requests": lambda: ours("file"),
        "engine alone, 2 to 4 nodes": lambda: engine("--small"),
        "engine alone, the file's requests": lambda: engine(),
        "etcd, put of 2,000 octets": etcd,
    }, rounds)
    return {"figures": figures, "wanted": [
        least(figures, f"virtcloud, {kind}", name, 500) for kind in ("2 to 4 nodes", "the file's requests")
        for name in ("a second", "a processor second")] + [
        most(figures, f"virtcloud, {kind}", "p99 ms", 20) for kind in ("2 to 4 nodes", "the file's requests")]}


def agents(rounds):
    """Plans from `up` accepted until all agents have them, and what idle agents cost; agents by the real protocol."""
    with State() as state, Service(state, "--apply", "--hosts", AGENTS) as service:
        found = run_bench(
            "agents", "--controller", service.url, "--token", service.token, "--authority",
            state.file("authority.pem"), "--count", AGENTS, "--rounds", rounds, "--idle",
            int(os.environ.get("BENCH_IDLE_SECONDS", "30")), "--process", service.pid, core=CLIENT_CORE)
    names = {"accept_ms": "from sending to accepted, ms", "first_ms": "accepted to the first agent, ms",
             "half_ms": "to half of them, ms", "all_ms": "to all of them, ms", "running_ms": "to running, ms"}
    values = {name: summary(found[key]) for key, name in names.items()}
    values |= {"idle, percent of a core": summary([found["idle_core_percent"]]),
               "idle, polls a second": summary([found["idle_polls_per_second"]]),
               "resident MiB": summary([found["resident_mib"]])}
    title = f"{AGENTS} agents"
    figures = {"values": {title: values}, "samples": found}
    return {"figures": figures, "wanted": [
        most(figures, title, "to all of them, ms", 1000), most(figures, title, "idle, percent of a core", 5),
        ("memory", "printed", f"{found['resident_mib']:.0f} MiB", None),
        ("failed requests of agents", "0", str(found["failures"]), found["failures"] == 0)]}


def start(rounds):
    """From the process's start to the first 200 of /readyz, with many infrastructures in the store."""
    samples = {}

    def starts(state, title, words, pause):
        for _ in range(rounds):
            with Service(state, *words, core=None) as service:
                begin = time.monotonic()
                status, _ = service.ask("GET", "/v1/infrastructures?limit=100")
                if status != 200 or service.said["infrastructures"] < COUNT:
                    raise RuntimeError(f"{service.said['infrastructures']} infrastructures, {status}")
                samples.setdefault(title, []).append({
                    "ready s": service.ready_seconds, "processor s until ready": service.ready_processor_seconds,
                    "store read s": service.said["load_seconds"],
                    "first page after that, s": time.monotonic() - begin})
            time.sleep(pause)

    with contextlib.ExitStack() as stack:
        state, beside = stack.enter_context(State()), stack.enter_context(State())
        filled = run_bench("fill", "--state", state.path, "--workload", WORKLOAD, "--count", COUNT, ahead=False)
        starts(state, "SQLite", (), 0)
        etcd = stack.enter_context(Etcd(beside, core=None, tls=False))
        copied = run_bench("fill", "--state", state.path, "--to", etcd.url, ahead=False)
        starts(beside, "etcd", ("--etcd", etcd.url), 4)  # until the lease of who led is over
    figures = {"values": table(samples, summary), "samples": samples, "filled": filled, "copied": copied}
    return {"figures": figures, "wanted": [most(figures, title, "ready s", 5) for title in ("SQLite", "etcd")]}


def store(rounds):
    """Commits one after the other, documents of 2,000 octets, each durable when it returns."""
    with contextlib.ExitStack() as stack:
        state = stack.enter_context(State())
        run_bench("certificate", "--to", state.path)
        etcd = stack.enter_context(Etcd(state, core=None, tls=False))
        for number in range(1000):
            key_value(state.file("put"), f"beside/{number}".encode(), b"x" * 2000)

        def ours(*words):
            found = run_bench("store", *words, "--seconds", SECONDS)
            return {"a second": found["commits_per_second"], "p50 ms": found["p50_ms"], "p99 ms": found["p99_ms"]}

        def synced():
            """What the disk does: 2,000 octets appended and synced."""
            times = []
            with open(state.file("synced"), "wb", buffering=0) as file:
                end = time.monotonic() + SECONDS
                while time.monotonic() < end:
                    begin = time.monotonic()
                    file.write(b"x" * 2000)
                    os.fdatasync(file.fileno())
                    times.append((time.monotonic() - begin) * 1e3)
            times.sort()
            return {"a second": len(times) / SECONDS, "p50 ms": times[len(times) // 2],
                    "p99 ms": times[len(times) * 99 // 100]}

        def puts(clients):
            found = wrk(etcd, "/v3/kv/put", "post", state.file("put"), seconds=SECONDS, connections=clients,
                        headers=JSON)
            return {name: found[name] for name in ("a second", "p50 ms", "p99 ms")}

        figures = interleaved({
            "write and fdatasync": synced,
            "SQLite, 1 document": lambda: ours("--state", state.path),
            "SQLite, 50 documents": lambda: ours("--state", state.path, "--documents", 50),
            "etcd, 1 document": lambda: ours("--etcd", etcd.url),
            "etcd, 50 documents": lambda: ours("--etcd", etcd.url, "--documents", 50),
            "etcd's own put, 1 client": lambda: puts(1),
            "etcd's own put, 32 clients": lambda: puts(32),
        }, rounds)
    return {"figures": figures, "wanted": []}


ROWS = {"reads": reads, "admissions": admissions, "agents": agents, "start": start, "store": store}
