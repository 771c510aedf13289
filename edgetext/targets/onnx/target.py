"""ONNX Runtime: `.onnx` files, and `.ort` files for its minimal builds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from edgetext.core.errors import EdgetextError
from edgetext.model.seal import DIGITS, KEY, TRAILER
from edgetext.registry import register
from edgetext.targets.file_format import FileFormat
from edgetext.targets.releases import Releases
from edgetext.targets.target import Call, Counts, Operators, Question, Target, Way

if TYPE_CHECKING:
    from edgetext.model.model import Model
    from edgetext.targets.needs import Needs
    from edgetext.targets.target import Session

ONNX, ORT = ".onnx", ".ort"
# Metadata's name for the operator set that a portable file keeps to (targets.portable).
OPERATORS = "operators"
# What a minimal build of ONNX Runtime must hold to run an `.ort` file.
REQUIRED = ".required_operators.config"
# Files that do not say which release they need are of edgetext 0.1: what 1.32 had optimized, older
# releases refuse to load, or end the process on an answer without spans.
RELEASES = Releases("ONNX Runtime", "onnxruntime", oldest="1.24.1", unsaid="1.32.0")
# ModelProto.metadata_props (field 14) {key (1), value (2): 64 bytes}: any reader of ONNX sees the
# seal as one more entry, since protobuf joins a repeated field whose entries stand apart.
_ENTRY = b"\x0a" + bytes([len(KEY)]) + KEY + b"\x12" + bytes([DIGITS])
SEAL = b"\x72" + bytes([len(_ENTRY) + DIGITS]) + _ENTRY


def is_portable(content: bytes) -> bool:
    """Tell by its metadata whether an `.onnx` file keeps to an operator set, without a reader."""
    return f'"{OPERATORS}": "'.encode() in content


@register("target", "onnxruntime")
class OnnxRuntime(Target):
    """Write ONNX graphs, optimized as ONNX Runtime runs them, and run them."""

    name = "onnxruntime"
    title = "ONNX Runtime"
    formats: ClassVar[tuple[FileFormat, ...]] = (
        FileFormat(ONNX, seal_prefix=SEAL),
        FileFormat(ORT, magic=b"ORTM", magic_at=4, seal_prefix=TRAILER),
    )
    label = "onnx"
    releases = RELEASES
    deployments: ClassVar[tuple[str, ...]] = ("mobile", "server")
    ways: ClassVar[tuple[Way, ...]] = (Way("onnxruntime", scores=True, counted=True),)
    concurrent = True
    batches = True

    def open(self, path: Path, content: bytes, threads: int) -> Session:
        from edgetext.targets.onnx.session import OnnxSession

        return OnnxSession(path, content, threads)

    def write(self, suffix: str, model: Model, texts: Mapping[str, str], way: str = "") -> bytes:
        from edgetext.targets.onnx.write import to_onnx

        content = to_onnx(model, texts)
        return self.converted(suffix, {ONNX: content}) or content

    def write_batch(self, suffix: str, model: Model, texts: Mapping[str, str]) -> bytes:
        from edgetext.targets.onnx.batch import to_onnx_batch

        content = to_onnx_batch(model, texts)
        return self.converted(suffix, {ONNX: content}) or content

    def converted(self, suffix: str, contents: Mapping[str, bytes]) -> bytes | None:
        if suffix != ORT or ONNX not in contents:
            return None
        from edgetext.targets.onnx.ort import to_ort

        return to_ort(contents[ONNX])

    def beside(self, suffix: str, content: bytes) -> dict[str, str]:
        if suffix != ORT:
            return {}
        from edgetext.targets.onnx.ort import required_operators

        return {REQUIRED: required_operators(content)}

    def anatomy(self, path: Path, session: Session) -> list[tuple[str, int]]:
        from edgetext.targets.onnx.anatomy import of_onnx, of_ort
        from edgetext.targets.onnx.session import OnnxSession

        assert isinstance(session, OnnxSession)
        return of_onnx(path) if path.suffix == ONNX else of_ort(path, session.session)

    def needs(self, path: Path) -> Needs:
        from edgetext.targets.onnx.needs import needs_of

        return needs_of(path.read_bytes(), path.suffix)

    def start(self, way: str, threads: int) -> None:
        import edgetext.targets.onnx.session  # noqa: F401

    def profile(self, path: Path, session: Session, question: Question) -> tuple[Operators, str]:
        from edgetext.targets.onnx.profile import in_onnxruntime
        from edgetext.targets.onnx.session import OnnxSession

        assert isinstance(session, OnnxSession)
        return in_onnxruntime(str(path), session.feeds(*question), as_written=True), ""

    def work(self, path: Path, session: Session, questions: Sequence[Question]) -> list[Counts]:
        from edgetext.targets.onnx.session import OnnxSession
        from edgetext.targets.onnx.work import work

        assert isinstance(session, OnnxSession)
        return list(work(path, [session.feeds(*question) for question in questions]))

    def network(
        self, path: Path, session: Session, threads: int, decoded: bool
    ) -> Callable[[Question], Call]:
        from edgetext.targets.onnx.network import network_alone

        if session.metadata.batch:
            raise EdgetextError(
                f"{path}: a batch file's network is not timed alone; give the file of one text"
            )
        return network_alone(path, session.metadata.rules().inputs, threads, decoded)
