"""A shop made with Flask, to be served by gunicorn."""
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from flask import Flask, request

app = Flask(__name__)


@app.after_request
def log(response):
    """The path as it was sent: Flask's own is decoded."""
    path = urlsplit(request.environ["RAW_URI"]).path
    size = 0 if request.method == "HEAD" else response.content_length or 0
    print(f"access {request.method} {path} {response.status_code} {size}", flush=True)
    return response


@app.get("/")
def hello():
    return "hello from flask\n"


@app.get("/healthz")
def healthz():
    return "well\n"


@app.post("/api/users")
def create():
    return request.get_data(), 201


@app.get("/api/users/<user>")
def user(user):
    return f"user {user}\n"


@app.delete("/api/users/<user>")
def delete(user):
    return "", 204


@app.get("/api/users/<user>/orders/<order>")
def order(user, order):
    return f"order {order}\n"


@app.get("/products/<name>")
def product(name):
    return f"{name}\n"


@app.get("/files/<path:path>")
def file(path):
    return f"{path}\n"


@app.get("/call")
def call():
    url = request.args["url"]
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            status = answer.status
            answer.read()
    except urllib.error.HTTPError as error:
        status = error.code
    except urllib.error.URLError as error:
        return f"{error.reason}\n", 502
    return f"{url} answered {status}\n"
