"""`edgetext serve`: models over HTTP."""

from __future__ import annotations

from math import inf
from pathlib import Path
from typing import Any

import click

from edgetext.commands import options
from edgetext.commands.serve_options import judging, live_settings

_INSTALL = (
    "`serve` needs uvicorn and prometheus-client; add them with `pip install 'edgetext[serve]'`"
)
_INSTALL_GRPC = "`--grpc-port` needs grpcio; add it with `pip install 'edgetext[grpc]'`"


@click.command("serve")
@click.argument("models", nargs=-1, required=True, metavar="MODEL[=NAME]...")
@options.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@options.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="The port; 0 for a free one, which is printed.",
)
@options.option(
    "--grpc-port",
    type=click.IntRange(0, 65535),
    help="A port for the Open Inference Protocol by gRPC, too; 0 for a free one.",
)
@options.option(
    "--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes."
)
@options.option(
    "--threads",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Threads of a model in a process.",
)
@options.option(
    "--max-body",
    type=click.IntRange(min=1),
    default=1 << 20,
    show_default=True,
    metavar="BYTES",
    help="The largest request.",
)
@options.option(
    "--max-texts",
    type=click.IntRange(min=1),
    default=256,
    show_default=True,
    help="Texts in a request.",
)
@options.option(
    "--queue",
    type=click.IntRange(min=1),
    default=256,
    show_default=True,
    help="Requests that may wait for a model in a process; more are refused (429).",
)
@options.option(
    "--queue-ms",
    type=click.IntRange(min=0),
    default=16,
    show_default=True,
    help="Milliseconds that a request may be expected to wait, where more than 16 wait; those that "
    "would wait longer are refused (429); 0 for any.",
)
@options.option(
    "--deadline-ms",
    type=click.IntRange(min=0),
    default=5000,
    show_default=True,
    help="Milliseconds after which a request is refused (504); 0 for never.",
)
@options.option(
    "--token-file",
    type=options.FILE,
    help="A file with a token, which clients must show (Authorization: Bearer TOKEN).",
)
@options.option(
    "--poll",
    type=click.FloatRange(min=0.1),
    default=2.0,
    show_default=True,
    metavar="SECONDS",
    help="How often stages of repositories are looked at.",
)
@options.option(
    "--trusted-key",
    "trusted",
    type=options.FILE,
    multiple=True,
    metavar="PEM",
    help="A public key, one of which must have signed each published version.",
)
@options.option("--no-log", is_flag=True, help="Write no line a request.")
@options.option("--log-text", is_flag=True, help="Write the texts into these lines, too.")
@judging
def command(
    models: tuple[str, ...],
    host: str,
    port: int,
    grpc_port: int | None,
    workers: int,
    threads: int,
    max_body: int,
    max_texts: int,
    queue: int,
    queue_ms: int,
    deadline_ms: int,
    token_file: Path | None,
    poll: float,
    trusted: tuple[Path, ...],
    no_log: bool,
    log_text: bool,
    **judged: Any,
) -> None:
    """Serve each MODEL (.onnx, .ort, .pte, .pt) over HTTP, by the name in it or by NAME.

    MODEL may be REPOSITORY#NAME@STAGE (`edgetext models`): the server follows the stage.

    The Open Inference Protocol under /v2, JSON at /v1/predict, Prometheus's counts at /metrics and
    a page to try it at /. SIGTERM and Ctrl-C end it when requests in flight are answered.
    --shadow, --canary and --feedback judge models on what they are asked (/evaluation).
    """
    if no_log and log_text:
        raise click.UsageError("--log-text writes texts into the lines that --no-log leaves out")
    _check_installed(grpc_port is not None)
    live = live_settings(judged)
    from edgetext.serving.settings import Limits, Settings, divided
    from edgetext.serving.workers import serve_alone, serve_by_workers

    files, published = divided(models)
    settings = Settings(
        models=files,
        published=published,
        poll=poll,
        trusted_keys=trusted,
        host=host,
        port=port,
        grpc_port=grpc_port,
        workers=workers,
        threads=threads,
        limits=Limits(max_body, max_texts, queue, deadline_ms / 1000, queue_ms / 1000 or inf),
        token=None if token_file is None else _token(token_file),
        log=not no_log,
        log_text=log_text,
        live=live,
    )
    (serve_alone if workers == 1 else serve_by_workers)(settings)


def _check_installed(grpc: bool) -> None:
    """EdgetextError where an extra is not installed."""
    from importlib.util import find_spec

    from edgetext.core.errors import EdgetextError

    if not all(map(find_spec, ("uvicorn", "prometheus_client"))):
        raise EdgetextError(_INSTALL)
    if grpc and find_spec("grpc") is None:
        raise EdgetextError(_INSTALL_GRPC)


def _token(path: Path) -> str:
    """Read the token of a file."""
    from edgetext.core.errors import EdgetextError
    from edgetext.core.files import read_bytes

    content = read_bytes(path).strip()
    if not content or not content.isascii() or len(content.split()) != 1:
        raise EdgetextError(f"{path}: there must be one token of ASCII without blanks in it")
    return content.decode()
