"""Few examples of each label: a teacher that knows the language already, and texts without labels
for its student."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.data.lines import read_lines
from edgetext.registry import names
from edgetext.starter.shape import Shape
from edgetext.starter.starter import Starter, starter_of


@dataclass(frozen=True, slots=True)
class Few:
    """What a user with few examples has beside them.

    folder: published weights that the teacher begins with. unlabeled: a file with a text of the
    same kind a line, None for none.
    """

    folder: Path
    unlabeled: Path | None = None

    def check(self, starter: Starter, task: str) -> None:
        """EdgetextError for a task without such teachers, and for what is not there."""
        if not starter.few:
            able = [name for name in names("starter") if starter_of(name).few]
            raise EdgetextError(
                f"--few: task {task} has no recipe for few examples; it is for {', '.join(able)}"
            )
        if not (self.folder / "config.json").is_file():
            raise EdgetextError(
                f"--few {self.folder}: no folder of Hugging Face, which has config.json, "
                "tokenizer.json and weights; give one, as all-MiniLM-L6-v2"
            )
        if self.unlabeled is not None and not self.unlabeled.is_file():
            raise EdgetextError(f"--unlabeled {self.unlabeled}: there is no such file")

    @property
    def texts(self) -> int:
        """How many texts without labels there are."""
        return 0 if self.unlabeled is None else sum(1 for _ in read_lines(self.unlabeled))


def with_few(shape: Shape, folder: str, unlabeled: str, texts: int) -> Shape:
    """Give the shape of a recipe whose teacher begins with published weights.

    folder, unlabeled: as the recipe names them; texts: how many are unlabeled. Its rate and epochs
    are those that fine-tuning wants; the student is the shape's own, by all that it learns from.
    """
    return replace(
        shape,
        # Sizes are filled in later, and a path may have braces.
        encoder="type: pretrained\npath: " + folder.replace("{", "{{").replace("}", "}}"),
        grams=((), shape.grams[1]),
        rates=(0.0006, shape.rates[1]),
        token_dropout=(0.0, shape.token_dropout[1]),
        label_smoothing=0.1,
        temperature=2.0,
        r_drop=0.0,
        steps=400,
        epochs=(10, 60),
        student_epochs=1.0,
        large_batches=False,
        pretrained=True,
        unlabeled=unlabeled,
        unlabeled_texts=texts,
    )
