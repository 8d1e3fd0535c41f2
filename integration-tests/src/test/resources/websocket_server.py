"""Answers every WebSocket message with itself, by Debian's python3-websockets. usage: websocket_server.py PORT"""
import asyncio
import sys

import websockets


async def main(port):
    async def echo(socket, *_):
        async for message in socket:
            await socket.send(message)

    async with websockets.serve(echo, "127.0.0.1", port):
        print("listening on", port, flush=True)
        await asyncio.Future()


asyncio.run(main(int(sys.argv[1])))
