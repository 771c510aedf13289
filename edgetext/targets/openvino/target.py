"""OpenVINO: portable `.onnx` files on Intel's and other processors."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from edgetext.core.errors import EdgetextError
from edgetext.registry import register
from edgetext.targets.onnx.target import ONNX, is_portable
from edgetext.targets.target import Target, Way

if TYPE_CHECKING:
    from edgetext.targets.target import Session


@register("target", "openvino")
class OpenVino(Target):
    """Run portable files, in float32."""

    name = "openvino"
    title = "OpenVINO"
    package = "openvino"
    also_opens = (ONNX,)
    ways = (Way("openvino", network=False),)

    def open(self, path: Path, content: bytes, threads: int) -> Session:
        try:
            from edgetext.targets.openvino.session import OpenVinoSession
        except ImportError as error:
            raise EdgetextError(
                "OpenVINO is not installed; `pip install 'edgetext[openvino]'`"
            ) from error
        return OpenVinoSession(path, content, threads)

    def measures(self, path: Path) -> bool:
        # Where it is not installed, or would refuse the file, there is no row of it.
        if find_spec("openvino") is None or not path.is_file():
            return False
        content = path.read_bytes()
        if not is_portable(content):
            return False
        from edgetext.targets.openvino.limits import fits

        return fits(content)

    def start(self, way: str, threads: int) -> None:
        import edgetext.targets.openvino.session  # noqa: F401
