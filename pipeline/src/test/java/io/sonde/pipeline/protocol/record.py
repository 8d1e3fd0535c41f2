#!/usr/bin/env python3
"""Records conversations as Recording.java reads them: a TCP relay that writes down each read, one line per read.

usage: record.py NAME PORT COMMAND...     relays to 127.0.0.1:PORT while COMMAND runs, in which {port} is the relay's

Every connection becomes a file of its own: NAME.http gives NAME.http, NAME-2.http …; NAME.h2 the same for HTTP/2. What must come out of it (= and ! lines) is to be added
by hand, from what the client was told to send and what the server says it did.
"""
import asyncio
import os
import sys

SHOWN = {ord("\r"): "\\r", ord("\n"): "\\n", ord("\\"): "\\\\"}


def escaped(data):
    return "".join(SHOWN.get(b, chr(b) if 32 <= b < 127 else f"\\x{b:02x}") for b in data)


class Conversation:
    def __init__(self):
        self.lines = []
        self.closed_by = None

    async def relay(self, mark, who, reader, writer):
        try:
            while data := await reader.read(65536):
                self.lines.append(f"{mark} {escaped(data)}")
                writer.write(data)
                await writer.drain()
            writer.write_eof()
        except OSError:
            writer.close()
        self.closed_by = self.closed_by or who


async def main(name, port, command):
    conversations = []

    async def connected(reader, writer):
        conversation = Conversation()
        conversations.append(conversation)
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(
            conversation.relay(">", "client", reader, up_writer),
            conversation.relay("<", "server", up_reader, writer),
        )
        writer.close()
        up_writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    relay = str(server.sockets[0].getsockname()[1])
    process = await asyncio.create_subprocess_exec(*[part.replace("{port}", relay) for part in command])
    await process.wait()
    await asyncio.sleep(0.5)
    server.close()
    for number, conversation in enumerate(conversations, 1):
        stem, extension = os.path.splitext(name)
        path = name if number == 1 else f"{stem}-{number}{extension}"
        with open(path, "w") as file:
            file.write("".join(line + "\n" for line in conversation.lines))
            if conversation.closed_by:
                file.write(f"{conversation.closed_by} close\n")


asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3:]))
