"""Servers around one file that `serving` compares, each a program of its own.

    python -m edgetext_bench.experiments.serving_programs NAME FILE PORT

All answer POST /v1/predict {"text": ...} with what `edgetext.load(FILE).predict` answers, by the
same functions, so that they differ in the server alone.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import BaseModel

import edgetext
from edgetext.serving.app import Application
from edgetext.serving.process import Listener, application, bound, http_config, serve_on
from edgetext.serving.settings import Settings
from edgetext.serving.waiting import Waiting

HOST, PATH = "127.0.0.1", "/v1/predict"


class Question(BaseModel):
    """What FastAPI reads."""

    text: str


def edgetext_in_loop(file: Path, port: int) -> None:
    """Serve as `edgetext serve --no-log` does, whatever the time of an answer."""
    _edgetext(file, port, threaded=False)


def edgetext_over_asgi(file: Path, port: int) -> None:
    """Serve as edgetext does, but on connections of uvicorn's own class."""
    app = _application(file, threaded=False)
    config = http_config(app)
    config.http = "httptools"
    gc.collect()
    gc.freeze()
    Listener(config, app, None, lambda: None).run([bound(HOST, port)])


def edgetext_in_thread(file: Path, port: int) -> None:
    """Serve as edgetext does models that are slow: an answer goes to a thread and back."""
    _edgetext(file, port, threaded=True)


def fastapi_in_loop(file: Path, port: int) -> None:
    """Serve by FastAPI with an endpoint on its event loop (`async def`)."""
    ask = _asking(file)

    async def predict(asked: Question) -> dict[str, Any]:
        return ask(asked.text)

    _by_fastapi(predict, port)


def fastapi_in_pool(file: Path, port: int) -> None:
    """Serve by FastAPI with an endpoint in its pool of threads (`def`)."""
    ask = _asking(file)

    def predict(asked: Question) -> dict[str, Any]:
        return ask(asked.text)

    _by_fastapi(predict, port)


def litserve(file: Path, port: int) -> None:
    """Serve by LitServe with one worker on the processor."""
    from edgetext_bench.experiments.serving_litserve import serve

    serve(file, HOST, port, PATH)


PROGRAMS: dict[str, Callable[[Path, int], None]] = {
    "edgetext": edgetext_in_loop,
    "edgetext, batch file": edgetext_in_loop,
    "edgetext, in a thread": edgetext_in_thread,
    "edgetext, over ASGI": edgetext_over_asgi,
    "FastAPI, async def": fastapi_in_loop,
    "FastAPI, def": fastapi_in_pool,
    "LitServe": litserve,
}


def _edgetext(file: Path, port: int, *, threaded: bool) -> None:
    serve_on(_application(file, threaded=threaded), bound(HOST, port))


def _application(file: Path, *, threaded: bool) -> Application:
    app = application(Settings(((file, None),), log=False))
    for deployment in app.deployments.values():
        model = deployment.serving
        limits = model.waiting
        model.waiting = Waiting(model.name, limits.most, limits.at_once, threaded, limits.longest)
    return app


def _asking(file: Path) -> Callable[[str], dict[str, Any]]:
    """Give what answers a text with JSON values."""
    model = edgetext.load(file)

    def ask(text: str) -> dict[str, Any]:
        data = text.encode("utf-8", "replace")
        return model.predict(data).as_json(data)

    return ask


def _by_fastapi(endpoint: Callable[..., Any], port: int) -> None:
    import uvicorn
    from fastapi import FastAPI

    app = FastAPI()
    app.post(PATH)(endpoint)
    uvicorn.run(app, host=HOST, port=port, log_level="warning", access_log=False)


if __name__ == "__main__":
    PROGRAMS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
