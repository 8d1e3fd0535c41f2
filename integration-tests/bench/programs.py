"""Programs that a benchmark starts, Sonde among them, and what they say and use."""
import contextlib
import glob
import os
import pwd
import re
import signal
import subprocess
import sys
import time
import urllib.request

METRICS_PORT = 18084
WRK_ENVIRONMENT = {}  # beyond ours
REQUESTS = "(http_server_request|rpc_server_call)_duration_seconds_count"


def family(pid):
    """The process and all it started."""
    found = [pid]
    for task in glob.glob(f"/proc/{pid}/task/*/children"):
        with contextlib.suppress(FileNotFoundError), open(task) as children:
            for child in children.read().split():
                found += family(int(child))
    return found


def cpu_seconds(pids):
    """CPU time so far of all threads, from the scheduler's own nanoseconds."""
    total = 0
    for pid in pids:
        for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError), open(path) as file:
                total += int(file.read().split()[0])
    return total / 1e9


def resident_mib(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024


def fetch(url):
    with urllib.request.urlopen(url, timeout=5) as page:
        return page.read().decode()


def wait_for(what, condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if condition():
                return
        time.sleep(0.02)
    sys.exit(f"gave up waiting for {what}")


@contextlib.contextmanager
def program(command, env=None, **options):
    process = subprocess.Popen(command, env=env, **options)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Sonde:
    """A running Sonde, asked through its own metrics page."""

    def __init__(self, process):
        self.process = process

    def samples(self, name):
        page = fetch(f"http://127.0.0.1:{METRICS_PORT}/metrics")
        return [float(line.rsplit(" ", 1)[1]) for line in page.splitlines()
                if re.match(name + r"[{ ]", line)]

    def counted(self):
        return sum(self.samples(REQUESTS))

    def lost(self):
        return sum(self.samples("sonde_stage_lost_total"))

    def processes(self):
        """Command line's role -> pid, of the processes that run Java."""
        roles = {}
        for pid in family(self.process.pid):
            with open(f"/proc/{pid}/cmdline") as file:
                words = file.read().split("\0")
            if "java" in words[0]:
                main = next((w for w in words if w.startswith("io.sonde")), "java")
                roles["capture" if "probes" in main else f"receiver ({pid})"] = pid
        return roles


@contextlib.contextmanager
def sonde(launcher, folder, ports, printer="disabled", attached=True):
    config = os.path.join(folder, "sonde.conf")
    os.makedirs(os.path.join(folder, "run"), exist_ok=True)
    # Where the receiver, not root, makes its socket; bin/sonde runs it as the first of these there is.
    users = [user for user in pwd.getpwall() if user.pw_name in ("sonde", "nobody")]
    owner = max(users, key=lambda user: user.pw_name == "sonde")
    os.chown(os.path.join(folder, "run"), owner.pw_uid, owner.pw_gid)
    with open(config, "w") as file:
        file.write(f'receiver.socket = "{folder}/run/capture.sock"\n')
    env = {"PATH": os.environ["PATH"], "BEYLA_OPEN_PORT": ports, "BEYLA_CONFIG_PATH": config,
           "BEYLA_PROMETHEUS_PORT": str(METRICS_PORT), "BEYLA_TRACE_PRINTER": printer}
    if "JAVA_HOME" in os.environ:
        env["JAVA_HOME"] = os.environ["JAVA_HOME"]
    with open(os.path.join(folder, "sonde.log"), "a") as log, \
            program([launcher, "run"], env, stdout=subprocess.PIPE, stderr=log) as process:
        running = Sonde(process)
        try:
            if attached:
                wait_for("Sonde to attach",
                         lambda: (probes := running.samples("sonde_probe_attached")) and min(probes) == 1)
            yield running
        except BaseException:
            with open(log.name) as said:
                print(*said.readlines()[-20:], sep="", file=sys.stderr)
            raise


def wrk(url, seconds):
    """Requests per second, p99 in ms, requests."""
    text = subprocess.run(["wrk", "-t1", "-c16", f"-d{seconds}s", "--latency", url],
                          check=True, capture_output=True, text=True, env=os.environ | WRK_ENVIRONMENT).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", text).groups()
    total = int(re.search(r"(\d+) requests in", text).group(1))
    return rate, float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit], total
