#!/usr/bin/env python3
"""An event loop that serves requests and, for nobody, polls another server meanwhile.

usage: polling_asyncio.py PORT CALLEE_PORT

GET /call/ID answers when GET /for/ID of the callee has been answered. /alone/N is asked all the time, over one
connection. Everything is done by one thread.
"""
import asyncio
import sys

PORT, CALLEE = int(sys.argv[1]), int(sys.argv[2])


async def head(reader):
    text = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = [line for line in text.split("\r\n") if line.lower().startswith("content-length:")]
    if length:
        await reader.readexactly(int(length[0].split(":")[1]))
    return text


async def ask(reader, writer, path):
    writer.write(f"GET {path} HTTP/1.1\r\nHost: callee\r\n\r\n".encode())
    await head(reader)


async def serve(reader, writer):
    try:
        while True:
            name = (await head(reader)).split(" ")[1].rsplit("/")[-1]
            called = await asyncio.open_connection("127.0.0.1", CALLEE)
            await ask(*called, f"/for/{name}")
            called[1].close()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
    except asyncio.IncompleteReadError:
        writer.close()


async def poll():
    connection = await asyncio.open_connection("127.0.0.1", CALLEE)
    n = 0
    while True:
        n += 1
        await ask(*connection, f"/alone/{n}")
        await asyncio.sleep(0.002)


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", PORT)
    print("listening on", PORT, flush=True)
    await asyncio.gather(server.serve_forever(), poll())


asyncio.run(main())
