"""`.onnx` files of ai.onnx's own operators alone, which are ONNX Runtime's, and other engines'."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from edgetext.core.errors import EdgetextError
from edgetext.registry import register
from edgetext.targets.file_format import FileFormat
from edgetext.targets.onnx.target import ONNX, OPERATORS, SEAL, OnnxRuntime

if TYPE_CHECKING:
    from edgetext.model.header import Header
    from edgetext.model.model import Model


@register("target", "portable")
class Portable(OnnxRuntime):
    """Write such files, NAME-portable.onnx."""

    name = "portable"
    title = "portable ONNX"
    edition = "portable"
    formats = (FileFormat(ONNX, seal_prefix=SEAL),)
    deployments = ()
    ways = ()
    batches = False

    def write(self, suffix: str, model: Model, texts: Mapping[str, str], way: str = "") -> bytes:
        from edgetext.targets.portable.write import to_portable

        return to_portable(model, texts)

    def card_note(self, max_bytes: int) -> str:
        return (
            "The graph keeps to the operators of ai.onnx, so that engines other than ONNX Runtime "
            "run it, too; they must compute in float32. OpenVINO needs `SNIPPETS_MODE` of "
            "`DISABLE` beside, or answers may depend on those before."
        )

    def fields(self) -> dict[str, str]:
        from edgetext.targets.portable.operators import SET

        return {OPERATORS: SET}


@register("target", "portable-int8")
class PortableInt8(Portable):
    """Write such files of quantized models alone."""

    name = "portable-int8"

    def check(self, header: Header, source: str) -> None:
        if not header.quantization:
            raise EdgetextError(
                f"{source}: its weights are float32; make an int8 checkpoint of it with `edgetext "
                "quantize --int8`, or take --target portable"
            )
        super().check(header, source)
