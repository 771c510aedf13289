"""LitServe around one file, for `serving_programs`: its workers import the class by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import litserve

import edgetext


class Api(litserve.LitAPI):  # type: ignore[misc]
    """A text in, an answer out."""

    def __init__(self, file: Path, path: str) -> None:
        super().__init__(api_path=path)
        self.file = file

    def setup(self, device: str) -> None:
        """Load the file, in the worker."""
        self.model = edgetext.load(self.file)

    def decode_request(self, request: dict[str, str]) -> str:
        """Take the text out of a request."""
        return request["text"]

    def predict(self, text: str) -> dict[str, Any]:
        """Answer a text."""
        data = text.encode("utf-8", "replace")
        return self.model.predict(data).as_json(data)

    def encode_response(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Give what is written as JSON."""
        return answer


def serve(file: Path, host: str, port: int, path: str) -> None:
    """Serve until the process is ended."""
    server = litserve.LitServer(Api(file, path), accelerator="cpu", workers_per_device=1)
    server.run(host=host, port=port, log_level="warning", generate_client_file=False)
