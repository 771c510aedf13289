"""Core ML: `.mlpackage` folders, which Apple's systems run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from edgetext.core.errors import EdgetextError
from edgetext.registry import register
from edgetext.targets.target import Session, Target

if TYPE_CHECKING:
    from edgetext.model.header import Header
    from edgetext.model.model import Model

# What its metadata says of the type of the input, which cannot be uint8.
TEXT_TYPE = "text_type"


@register("target", "coreml")
class CoreMl(Target):
    """Write such packages; nothing here runs them."""

    name = "coreml"
    title = "Core ML"
    label = "coreml"
    package = "coremltools"
    folder_suffix = ".mlpackage"

    def open(self, path: Path, content: bytes, threads: int) -> Session:
        raise EdgetextError(f"{path}: edgetext writes Core ML packages and runs none")

    def check(self, header: Header, source: str) -> None:
        if header.quantization:
            raise EdgetextError(
                f"{source}: its weights are quantized, and a Core ML package is written of float32 "
                "ones alone; give the checkpoint that it was made of"
            )
        if header.recipe["encoder"].get("attention_window"):
            raise EdgetextError(
                f"{source}: coremltools knows no length that is the lesser of two, which its "
                "encoder.attention_window needs; take --target mobile, or leave that field out"
            )

    def fields(self) -> dict[str, str]:
        return {TEXT_TYPE: "int32"}

    def write_folder(self, folder: Path, model: Model, texts: Mapping[str, str]) -> None:
        from edgetext.targets.coreml.write import to_package

        to_package(model, texts, folder)

    def card_note(self, max_bytes: int) -> str:
        return (
            f"A text is int32[1, n], 1 ≤ n ≤ {max_bytes + 1}, a byte a number; of a longer one "
            f"give the first {max_bytes + 1} bytes. The package is for iOS 17 and macOS 14 or "
            "newer and computes in float32. Its inputs and outputs were compared with the "
            "checkpoint's by name, type and number of dimensions. **No prediction was run**, since "
            "Core ML runs on Apple's systems alone: before use, replay on one the golden examples "
            "that stand in its metadata as `edgetext_golden`."
        )
