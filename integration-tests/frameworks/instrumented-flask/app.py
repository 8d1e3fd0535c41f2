"""A shop that tells of itself: run by opentelemetry-instrument, which knows Flask. usage: app.py PORT"""
import sys

from flask import Flask

app = Flask(__name__)


@app.get("/orders/<int:number>")
def order(number):
    return f"order {number}\n"


if __name__ == "__main__":
    app.run("127.0.0.1", int(sys.argv[1]), threaded=True)
