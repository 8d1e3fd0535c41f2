#!/usr/bin/env python3
"""As polling_asyncio.py, with a thread for each connection and one for the polling."""
import http.client
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT, CALLEE = int(sys.argv[1]), int(sys.argv[2])


def ask(connection, path):
    connection.request("GET", path)
    connection.getresponse().read()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        called = http.client.HTTPConnection("127.0.0.1", CALLEE)
        ask(called, "/for/" + self.path.rsplit("/")[-1])
        called.close()
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"hi")


def poll():
    connection = http.client.HTTPConnection("127.0.0.1", CALLEE)
    n = 0
    while True:
        n += 1
        ask(connection, f"/alone/{n}")
        time.sleep(0.002)


server = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
threading.Thread(target=poll, daemon=True).start()
print("listening on", PORT, flush=True)
server.serve_forever()
