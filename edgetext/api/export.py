"""`edgetext.export`: the file that goes into an app or onto a server."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from edgetext.api.given import AnyModel, AnyPath, as_model
from edgetext.artifacts import export as artifacts
from edgetext.artifacts.export import Exported


def export(
    model: AnyModel,
    output: AnyPath | None = None,
    *,
    target: str = "mobile",
    also: Sequence[str] = (),
    embed: bool = False,
    batch: bool = False,
) -> Exported:
    """Write a model as files that read UTF-8 bytes, with a model card.

    model: or its checkpoint, by whose name the files are called; those of a model that came from no
    file have the name in its header. output: a folder, or a name ending in .onnx, .ort or .pte for
    that file alone; by default the checkpoint's folder. target: "mobile" for `.pte` and `.onnx`,
    "server" for `.onnx`. also: suffixes of further files, as ".ort" for minimal builds of ONNX
    Runtime. embed: one tower of a model of two. batch: a file NAME-batch that answers several texts
    in a run, for `predict_many`; with target="server". EdgetextError for a model that a runtime
    cannot hold, and for a file that does not answer its golden examples as the model does, which is
    not written.

    >>> edgetext.export("student-int8.pt", target="server").files
    """
    folder = None if output is None else Path(output)
    return artifacts.export(as_model(model), target, folder, embed=embed, batch=batch, also=also)
