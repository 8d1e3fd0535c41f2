"""What TLS adds: servers to measure, and for each library the traps of a request and what they cost."""
import contextlib
import glob
import os
import re
import shutil
import statistics
import subprocess

import programs
from programs import program

NGINX_PORT, GO_PORT, NODE_PORT, CALLER_PORT = 18085, 18086, 18087, 18088
LIBRARIES = {"nginx TLS": "libssl", "Node TLS": "OpenSSL inside node", "Go TLS": "crypto/tls"}
STATISTICS = "/proc/sys/kernel/bpf_stats_enabled"
BPF_PROG_TYPE_KPROBE = 2  # linux/bpf.h; of uprobes too


def prepare(folder):
    """A certificate; and a copy of libssl for wrk, whose calls would be bystanders of nginx's otherwise."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "2", "-subj", "/CN=127.0.0.1", "-keyout", f"{folder}/key.pem",
                    "-out", f"{folder}/certificate.pem"], check=True, capture_output=True)
    used = subprocess.run(["ldd", shutil.which("wrk")], check=True, capture_output=True, text=True).stdout
    for name, path in re.findall(r"(libssl\S+) => (\S+)", used):
        os.makedirs(f"{folder}/own", exist_ok=True)
        shutil.copy(path, f"{folder}/own/{name}")
    programs.WRK_ENVIRONMENT["LD_LIBRARY_PATH"] = f"{folder}/own"


@contextlib.contextmanager
def servers(folder, go, node_script):
    """Go's and Node's; nginx's is in its configuration."""
    tls = ["--tls", f"{folder}/certificate.pem", f"{folder}/key.pem"]
    with program([go, *tls, f"127.0.0.1:{GO_PORT}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as go_server, \
            program(["node", node_script, *tls, f"127.0.0.1:{NODE_PORT}"], stdout=subprocess.DEVNULL) as node_server:
        yield go_server, node_server


def traps(pid):
    """Of all uprobes of that process so far: how many, ns in BPF programs."""
    programs_of_uprobes = {}
    for path in glob.glob(f"/proc/{pid}/fdinfo/*"):
        with contextlib.suppress(FileNotFoundError), open(path) as file:
            told = dict(re.findall(r"^(\w+):\t(\d+)$", file.read(), re.MULTILINE))
        if int(told.get("prog_type", -1)) == BPF_PROG_TYPE_KPROBE:
            programs_of_uprobes[int(told["prog_id"])] = int(told["run_cnt"]), int(told["run_time_ns"])
    return tuple(map(sum, zip((0, 0), *programs_of_uprobes.values())))


@contextlib.contextmanager
def statistics_of_programs():
    """The kernel takes the time of BPF programs, which costs time itself: not while anything else is measured."""
    with open(STATISTICS) as file:
        before = file.read()
    try:
        with open(STATISTICS, "w") as file:
            file.write("1")
        yield
    finally:
        with open(STATISTICS, "w") as file:
            file.write(before)


def libraries(running, servers, seconds):
    """Name -> (traps per request, ns in BPF per trap)."""
    pid, found = running.processes()["capture"], {}
    with statistics_of_programs():
        for name in LIBRARIES:
            count, ns = traps(pid)
            _, _, requests = servers[name][1](seconds)
            count, ns = (after - before for after, before in zip(traps(pid), (count, ns)))
            found[name] = count / requests, ns / count if count else float("nan")
    return found


def selected_call_ns(binary, seconds):
    """Of a call of libssl that yields nothing, by a process that is observed."""
    text = subprocess.run(["taskset", "-c", "0", binary, "tls", str(seconds), str(CALLER_PORT)],
                          check=True, capture_output=True, text=True).stdout
    return 1e9 / float(text)


def print_table(found, rounds, selected, untouched, traced):
    def median(condition, name):
        return statistics.median(one[condition][name] for one in rounds)

    print("\n| TLS, per request | traps | ns in BPF per trap | CPU µs untouched | CPU µs more when traced |")
    print("|---|---|---|---|---|")
    for name, library in LIBRARIES.items():
        count, ns = found[name]
        cpu = f"{name}, CPU µs/request"
        more = statistics.median(one[traced][cpu] - one[untouched][cpu] for one in rounds)
        print(f"| {library} ({name}) | {count:.2f} | {ns:.0f} | {median(untouched, cpu):.1f} | {more:.1f} |")
    name = "bystander, tls operations/s"
    alone, shared = (1e9 / median(condition, name) for condition in (untouched, traced))
    print("\n| A call of SSL_read that yields nothing | ns |\n|---|---|")
    print(f"| untouched | {alone:.0f} |")
    print(f"| more where others who have the same file are traced | {shared - alone:.0f} |")
    print(f"| more where the process is traced | {selected - alone:.0f} |")
