"""Accepts connections in one process and answers them in another.

usage: handoff_server.py fork|pass HOST:PORT
  fork: a child inherits each accepted connection
  pass: a worker started before any connection gets each one over a Unix socket (SCM_RIGHTS)
"""
import array
import os
import signal
import socket
import sys


def answer(connection):
    """Answers every request on the connection, then closes it."""
    lines = connection.makefile("rb")
    while True:
        request = lines.readline().decode()
        if not request:
            break
        while lines.readline() not in (b"\r\n", b""):
            pass
        method, path, _ = request.split()
        body = f"answered by {os.getpid()}\n".encode()
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        print(f"access {method} {path} 200 {len(body)}", flush=True)
    connection.close()


def fork_each(listener):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            answer(connection)
            os._exit(0)
        connection.close()


def pass_each(listener):
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    if os.fork() == 0:
        listener.close()
        ours.close()
        while True:
            message, control, _, _ = theirs.recvmsg(1, socket.CMSG_SPACE(4))
            if not message:
                os._exit(0)
            answer(socket.socket(fileno=array.array("i", control[0][2])[0]))
    theirs.close()
    while True:
        connection, _ = listener.accept()
        rights = array.array("i", [connection.fileno()])
        ours.sendmsg([b"c"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        connection.close()


def main():
    host, _, port = sys.argv[2].rpartition(":")
    listener = socket.create_server((host, int(port)))
    print("listening on", sys.argv[2], flush=True)
    {"fork": fork_each, "pass": pass_each}[sys.argv[1]](listener)


main()
