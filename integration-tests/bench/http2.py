"""What HTTP/2 and gRPC add: servers to measure, and what loads them."""
import contextlib
import functools
import os
import re
import subprocess

from programs import program

NGINX_PORT, GO_PORT, GRPC_PORT = 18089, 18090, 18091
CONNECTIONS, STREAMS = 4, 8
BUILD = f"{os.path.dirname(os.path.realpath(__file__))}/../frameworks/build"


def built(name):
    folder = subprocess.run([BUILD, f"../{name}"], check=True, capture_output=True, text=True).stdout.strip()
    return f"{folder}/{os.path.basename(name)}"


def h2load(log, url, seconds):
    """Requests per second, p99 in ms, requests."""
    with contextlib.suppress(FileNotFoundError):
        os.remove(log)
    text = subprocess.run(["h2load", "-t1", f"-c{CONNECTIONS}", f"-m{STREAMS}", f"-D{seconds}", f"--log-file={log}", url],
                          check=True, capture_output=True, text=True).stdout
    rate = float(re.search(r"finished in .*?, ([\d.]+) req/s", text).group(1))
    with open(log) as lines:
        took = sorted(int(line.split("\t")[2]) for line in lines)
    return rate, took[len(took) * 99 // 100] / 1000, len(took)


def calls(grpc, seconds):
    """Empty unary calls by grpc-go: calls per second, p99 in ms, calls."""
    text = subprocess.run([grpc, "load", f"127.0.0.1:{GRPC_PORT}", str(seconds), str(CONNECTIONS * STREAMS)],
                          check=True, capture_output=True, text=True).stdout
    total, rate, p99 = text.split()
    return float(rate), float(p99), int(total)


@contextlib.contextmanager
def servers(folder, nginx):
    """Name -> (pid, load); nginx's server is in the one configuration."""
    go, grpc = built("http2/http2-go"), built("grpc/grpc-go")
    load = functools.partial(h2load, f"{folder}/h2load.log")
    with program([go, "server", f"127.0.0.1:{GO_PORT}"], stdout=subprocess.DEVNULL) as go_server, \
            program([grpc, "quiet-server", f"127.0.0.1:{GRPC_PORT}"], stdout=subprocess.DEVNULL) as grpc_server:
        yield {"nginx HTTP/2": (nginx.pid, functools.partial(load, f"http://127.0.0.1:{NGINX_PORT}/")),
               "Go HTTP/2": (go_server.pid, functools.partial(load, f"http://127.0.0.1:{GO_PORT}/")),
               "grpc-go": (grpc_server.pid, functools.partial(calls, grpc))}
