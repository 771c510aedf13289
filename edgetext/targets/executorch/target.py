"""ExecuTorch: `.pte` programs, whose networks XNNPACK runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from edgetext.core.native_quiet import native_quiet
from edgetext.model.seal import TRAILER
from edgetext.registry import register
from edgetext.targets.file_format import FileFormat
from edgetext.targets.releases import Releases
from edgetext.targets.target import Call, Counts, Operators, Question, Target, Way

if TYPE_CHECKING:
    from edgetext.model.header import Header
    from edgetext.model.model import Model
    from edgetext.targets.needs import Needs
    from edgetext.targets.target import Session

# The same program without XNNPACK, every operator being ExecuTorch's own portable kernel.
PORTABLE = "executorch, portable"
CUT_SHORT = "from the program run cut short after each instruction in turn"
RELEASES = Releases("ExecuTorch", "executorch", oldest="1.4.0", unsaid="1.4.0")


@register("target", "executorch")
class ExecuTorch(Target):
    """Write programs with methods `tokenize` and `forward`, and run them."""

    name = "executorch"
    title = "ExecuTorch"
    formats = (FileFormat(".pte", magic=b"ET12", magic_at=4, seal_prefix=TRAILER),)
    label = "executorch"
    releases = RELEASES
    deployments = ("mobile",)
    ways = (Way("executorch", counted=True), Way(PORTABLE, separate=True))

    def open(self, path: Path, content: bytes, threads: int) -> Session:
        from edgetext.targets.executorch.session import ExecuTorchSession

        return ExecuTorchSession(path, content, threads)

    def check(self, header: Header, source: str) -> None:
        from edgetext.targets.executorch.limits import check_executorch

        check_executorch(header, source)

    def runs(self, encoder: str) -> bool:
        from edgetext.targets.executorch.limits import LACKING

        return encoder not in LACKING

    def write(self, suffix: str, model: Model, texts: Mapping[str, str], way: str = "") -> bytes:
        with native_quiet():
            from edgetext.targets.executorch.importing import import_exporter

            import_exporter()
            from edgetext.targets.executorch.write import to_executorch

            if way == PORTABLE:
                # Their operators of int8, which ExecuTorch's core lacks.
                from executorch.kernels import quantized  # noqa: F401
        return to_executorch(model, texts, delegate=way != PORTABLE)

    def card_note(self, max_bytes: int) -> str:
        return (
            "In a `.pte`, method `tokenize` takes the same (at most the first "
            f"{max_bytes + 1} bytes) and gives what `forward` takes, and `truncated` last."
        )

    def anatomy(self, path: Path, session: Session) -> list[tuple[str, int]]:
        from edgetext.targets.executorch.anatomy import of_program
        from edgetext.targets.executorch.importing import import_exporter

        with native_quiet():
            import_exporter()
        return of_program(path)

    def needs(self, path: Path) -> Needs:
        from edgetext.targets.executorch.needs import needs_of

        return needs_of(path.read_bytes())

    def start(self, way: str, threads: int) -> None:
        from edgetext.targets.executorch.bindings import executorch_runtime

        with native_quiet():
            executorch_runtime(threads)
            if way == PORTABLE:
                # Brings the portable kernels of int8, which XNNPACK does not need.
                from executorch.kernels import quantized  # noqa: F401

    def profile(self, path: Path, session: Session, question: Question) -> tuple[Operators, str]:
        from edgetext.targets.executorch.prefixes import instruction_times
        from edgetext.targets.operators import by_operator

        times = instruction_times(path.read_bytes(), question)
        return by_operator([(name, 1, taken) for name, taken in times]), CUT_SHORT

    def work(self, path: Path, session: Session, questions: Sequence[Question]) -> list[Counts]:
        from edgetext.targets.executorch.session import ExecuTorchSession
        from edgetext.targets.executorch.work import work

        assert isinstance(session, ExecuTorchSession)
        return list(work(path, session, questions))

    def network(
        self, path: Path, session: Session, threads: int, decoded: bool
    ) -> Callable[[Question], Call]:
        from edgetext.targets.executorch.network import network_alone
        from edgetext.targets.executorch.session import ExecuTorchSession

        assert decoded and isinstance(session, ExecuTorchSession)
        return network_alone(session)
