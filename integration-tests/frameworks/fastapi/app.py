"""A shop made with FastAPI, to be served by uvicorn."""
import asyncio
import urllib.error
import urllib.request

from fastapi import FastAPI, Request, Response

app = FastAPI()


@app.middleware("http")
async def log(request: Request, call_next):
    """The path as it was sent: the request's own is decoded."""
    response = await call_next(request)
    path = request.scope["raw_path"].decode()
    size = 0 if request.method == "HEAD" else int(response.headers.get("content-length", 0))
    print(f"access {request.method} {path} {response.status_code} {size}", flush=True)
    return response


def text(body, status=200):
    return Response(body, status, media_type="text/plain")


@app.get("/")
async def hello():
    return text("hello from fastapi\n")


@app.get("/healthz")
async def healthz():
    return text("well\n")


@app.post("/api/users")
async def create(request: Request):
    return text(await request.body(), 201)


@app.get("/api/users/{user}")
async def user(user: str):
    return text(f"user {user}\n")


@app.delete("/api/users/{user}", status_code=204)
async def delete(user: str):
    return Response(status_code=204)


@app.get("/api/users/{user}/orders/{order}")
async def order(user: str, order: str):
    return text(f"order {order}\n")


@app.get("/products/{name}")
async def product(name: str):
    return text(f"{name}\n")


@app.get("/files/{path:path}")
async def file(path: str):
    return text(f"{path}\n")


def fetch(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            answer.read()
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


@app.get("/call")
def call(url: str):
    """By the thread that serves the request: FastAPI runs functions that are not async in threads."""
    return text(f"{url} answered {fetch(url)}\n")


@app.get("/call-elsewhere")
async def call_elsewhere(url: str):
    """By another thread than the one that serves the request."""
    status = await asyncio.to_thread(fetch, url)
    return text(f"{url} answered {status}\n")
