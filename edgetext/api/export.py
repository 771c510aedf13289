"""`edgetext.export`: the file that goes into an app or onto a server."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from edgetext.api.recipes import AnyPath
from edgetext.artifacts import export as artifacts
from edgetext.artifacts.export import Exported


def export(
    model: AnyPath,
    output: AnyPath | None = None,
    *,
    target: str = "mobile",
    also: Sequence[str] = (),
    embed: bool = False,
) -> Exported:
    """Write a checkpoint as files that read UTF-8 bytes, with a model card.

    output: a folder, or a name ending in .onnx, .ort or .pte for that file alone; by default the
    model's folder. target: "mobile" for `.pte` and `.onnx`, "server" for `.onnx`. also: suffixes of
    further files, as ".ort" for minimal builds of ONNX Runtime. embed: one tower of a model of two.
    EdgetextError for a model that a runtime cannot hold, and for a file that does not answer its
    golden examples as the checkpoint does, which is not written.

    >>> edgetext.export("student-int8.pt", target="server").files
    """
    folder = None if output is None else Path(output)
    return artifacts.export(Path(model), target, folder, embed=embed, also=also)
