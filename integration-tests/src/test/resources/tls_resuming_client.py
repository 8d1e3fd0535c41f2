"""Three connections, each with the TLS session of the one before; fails when the server takes up none of them.

usage: tls_resuming_client.py PORT TLSv1_2|TLSv1_3 PATH
"""
import socket
import ssl
import sys

port, version, path = int(sys.argv[1]), ssl.TLSVersion[sys.argv[2]], sys.argv[3]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
context.minimum_version = context.maximum_version = version
session = None
resumed = 0
for _ in range(3):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as plain, \
            context.wrap_socket(plain, session=session) as tls:
        resumed += tls.session_reused
        tls.sendall(f"GET {path} HTTP/1.1\r\nHost: resumed.test\r\nConnection: close\r\n\r\n".encode())
        while tls.recv(65536):
            pass
        session = tls.session
print(resumed, "resumed")
sys.exit(resumed != 2)
