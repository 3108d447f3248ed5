"""wrk on a core of its own, and what its target used meanwhile."""
import json
import os
import subprocess

from common import ROOT
from service_servers import CLIENT_CORE, pinned, processor_seconds

LUA = os.path.join(ROOT, "bench/load.lua")


def wrk(server, path, *words, seconds=3, connections=32, headers=None):
    """Figures of one load: a second, p50 and p99, and how many a second of the server's processor time."""
    every = {**server.headers, **(headers or {})}
    before = processor_seconds(server.pid)
    done = subprocess.run(
        ["wrk", "-t", "1", "-c", str(connections), "-d", str(seconds), "--timeout", "10", "-s", LUA,
         *(word for name, value in every.items() for word in ("-H", f"{name}: {value}")), server.url + path,
         *(("--", *words) if words else ())],
        text=True, capture_output=True, preexec_fn=pinned(CLIENT_CORE), timeout=seconds + 60)
    used = processor_seconds(server.pid) - before
    if done.returncode:
        raise RuntimeError(f"wrk: {done.stderr or done.stdout}")
    found = json.loads(done.stdout.strip().splitlines()[-1])
    if found["broken"]:
        raise RuntimeError(f"wrk: {found['broken']} connections broke")
    good = found["requests"] - found["refused"]
    if not good:
        raise RuntimeError(f"all of {found['requests']} requests to {server.url}{path} were refused")
    return {"a second": good / found["seconds"], "p50 ms": found["p50_ms"], "p99 ms": found["p99_ms"],
            "a processor second": good / max(used, 0.01), "refused": found["refused"]}


def table(samples, summary):
    """{title: [figures]} as {title: {measure: median and spread}}."""
    return {title: {name: summary([one[name] for one in several]) for name in several[0]}
            for title, several in samples.items() if several}
