#!/usr/bin/env python3
"""A web server with nothing but the standard library, to be observed by Sonde.

usage: server.py [--threads] [--tls CERTIFICATE KEY] HOST:PORT

One request at a time unless --threads is given: then the others wait in the kernel, which is
what the child span "in queue" shows.
"""
import argparse
import socket
import ssl
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

BODILESS = (204, 304)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes: the second would wait for an ACK

    def answer(self):
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        request_body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        route, _, argument = url.path[1:].partition("/")
        if route == "":
            sent = self.send(200, b"hello from python\n")
        elif route == "echo":
            sent = self.send(200, request_body)
        elif route == "delay":
            time.sleep(int(query.get("ms", 100)) / 1000)
            sent = self.send(200, b"waited\n")
        elif route == "status" and argument.isdigit() and 200 <= int(argument) <= 599:
            sent = self.send(int(argument), f"status {argument}\n".encode())
        elif route == "bytes":
            sent = self.send(200, b"x" * int(query.get("n", 1024)))
        elif route == "chunked":
            sent = self.send_chunked(int(query.get("n", 10)))
        elif route == "call":
            sent = self.call(query["url"], int(query.get("times", 1)))
        else:
            sent = self.send(404, b"not found\n")
        status, body_bytes = sent
        print(f"access {self.command} {url.path} {status} {body_bytes}", flush=True)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = answer

    def send(self, status, body):
        """Answers with a body of known length; returns the status and the body bytes sent."""
        self.send_response(status)
        if status in BODILESS:
            body = b""
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            body = b""
        self.wfile.write(body)
        return status, len(body)

    def send_chunked(self, chunks):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if self.command == "HEAD":
            return 200, 0
        for _ in range(chunks):
            self.wfile.write(b"a\r\n0123456789\r\n")
        self.wfile.write(b"0\r\n\r\n")
        return 200, 10 * chunks

    def call(self, url, times):
        """Calls another server and hands on the status of its last answer."""
        for _ in range(times):
            try:
                with urllib.request.urlopen(url, timeout=10) as response:
                    status = response.status
                    response.read()
            except urllib.error.HTTPError as error:
                status = error.code
                error.read()
            except urllib.error.URLError as error:
                return self.send(502, f"{error.reason}\n".encode())
        return self.send(200, f"{url} answered {status}\n".encode())

    def log_message(self, *arguments):
        """The access line is printed by answer()."""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", action="store_true")
    parser.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"))
    parser.add_argument("address", metavar="HOST:PORT")
    arguments = parser.parse_args()
    host, _, port = arguments.address.rpartition(":")
    base = ThreadingHTTPServer if arguments.threads else HTTPServer

    class Server(base):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        request_queue_size = 128

        def server_bind(self):
            if self.address_family == socket.AF_INET6:  # [::] takes IPv4 clients too
                self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            super().server_bind()

    server = Server((host.strip("[]"), int(port)), Handler)
    if arguments.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*arguments.tls)
        # The handshake waits for the first read: by whoever serves the connection, not by who accepts it.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    print(f"listening on {host}:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
