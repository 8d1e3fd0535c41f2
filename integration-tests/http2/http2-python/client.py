"""HTTP/2 by httpx: reads lines "COUNT URL...", asks each so many times, all at once on one connection.

Prints a line "access METHOD PATH STATUS BYTES" for each answer.
"""
import asyncio
import sys

import httpx


async def get(client, url):
    answer = await client.get(url)
    assert answer.http_version == "HTTP/2", answer.http_version
    print("access GET", answer.url.path, answer.status_code, len(answer.content), flush=True)


async def main():
    # without HTTP/1 it begins with the preface where there is no TLS
    async with httpx.AsyncClient(http1=False, http2=True, verify=False, timeout=20) as client:
        print("ready", flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            count, *urls = line.split()
            first, *others = urls * int(count)
            await get(client, first)  # or each of them would open a connection
            await asyncio.gather(*(get(client, url) for url in others))
            print("done", line.strip(), flush=True)


asyncio.run(main())
