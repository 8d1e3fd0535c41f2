"""An ASGI application for uvicorn, without a framework: some of the routes of examples/python-server."""
from urllib.parse import parse_qs


async def body_of(receive):
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def answer(path, query, request_body):
    """Status and body."""
    route, _, argument = path[1:].partition("/")
    if route == "":
        return 200, b"hello from asgi\n"
    if route == "echo":
        return 200, request_body
    if route == "status" and argument.isdigit():
        return int(argument), f"status {argument}\n".encode()
    if route == "bytes":
        return 200, b"x" * int(query["n"][0])
    return 404, b"not found\n"


async def app(scope, receive, send):
    if scope["type"] != "http":  # "lifespan": uvicorn goes on without
        raise NotImplementedError(scope["type"])
    query = parse_qs(scope["query_string"].decode())
    status, body = answer(scope["path"], query, await body_of(receive))
    size = str(len(body)).encode()
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", size)]})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
    sent = 0 if scope["method"] == "HEAD" else len(body)
    print("access", scope["method"], scope["path"], status, sent, flush=True)
