"""Sends messages of SIZE random bytes over one WebSocket and waits for each to come back.
usage: websocket_client.py URL COUNT SIZE"""
import asyncio
import os
import sys

import websockets


async def main(url, count, size):
    async with websockets.connect(url, compression=None) as socket:
        for _ in range(count):
            message = os.urandom(size)
            await socket.send(message)
            assert await socket.recv() == message


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
