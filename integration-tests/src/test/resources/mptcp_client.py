"""Gets a path over an MPTCP socket, several times on one connection; prints the statuses.

usage: mptcp_client.py HOST PORT PATH TIMES
"""
import socket
import sys

IPPROTO_MPTCP = 262

host, port, path, times = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
with socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_MPTCP) as connection:
    connection.connect((host, port))
    stream = connection.makefile("rb")
    for _ in range(times):
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        print(stream.readline().decode().split()[1])
        length = 0
        while (line := stream.readline()) != b"\r\n":
            name, _, value = line.decode().partition(":")
            if name.lower() == "content-length":
                length = int(value)
        stream.read(length)
