"""`edgetext.calibrate`: probabilities that come true, and texts about nothing known told apart."""

from __future__ import annotations

from pathlib import Path

from edgetext.api.given import AnyModel, AnyPath, AnyRecipe, as_model, recipe_or_own
from edgetext.core.errors import EdgetextError
from edgetext.data.augment.negatives import KINDS
from edgetext.starter.starter import guess_for
from edgetext.training import calibrating
from edgetext.training.calibrating import Aim, Calibrated, check_calibrated
from edgetext.training.splits import load_split


def calibrate(
    model: AnyModel,
    *,
    scope_recall: float | None = None,
    false_alarms: float | None = None,
    negatives: str | None = None,
    recipe: AnyRecipe | None = None,
    data: AnyPath | None = None,
) -> Calibrated:
    """Divide a classifier's scores by the temperature at which its probabilities come true.

    scope_recall: the share, 0 to 1, of texts about nothing known that is to be recognized;
    false_alarms: the share of the others that may be taken for such; at most one of them. A model
    without a label for such texts gets one, which they have when no other label scores enough.
    negatives: with scope_recall, where no text is about nothing known: the kind that is made of the
    others, "mix", "words" or "drop" (see the augmentation `negatives`). recipe: on whose validation
    split that is found, and on whose test split it is measured; by default the model's. data: a
    file of labeled examples for both. EdgetextError for a model whose answer is not one label among
    several.

    >>> result = edgetext.calibrate("student-int8.pt", false_alarms=0.03)
    >>> result.after.recall
    >>> result.model.save("student-int8-calibrated.pt")
    """
    whole = as_model(model)
    if scope_recall is not None and false_alarms is not None:
        raise EdgetextError(
            "give scope_recall or false_alarms, one of them: each decides the other"
        )
    if negatives is not None and (scope_recall is None or negatives not in KINDS):
        raise EdgetextError(
            f"negatives: give scope_recall, which they are for, and one of {', '.join(KINDS)}"
        )
    check_calibrated(whole)
    aim = Aim(scope_recall, false_alarms, negatives)
    if data is not None:
        path = Path(data)
        examples = list(guess_for(whole.header.task, path).reader().read(path, "test"))
        return calibrating.calibrate(whole, examples, examples, aim, own_split=False)
    given = recipe_or_own(recipe, whole)
    valid, test = load_split(given, "valid"), load_split(given, "test")
    return calibrating.calibrate(whole, valid, test, aim, own_split=True)


def calibrated_path(model: Path) -> Path:
    """Return where the command `calibrate` writes by default."""
    return model.with_name(f"{model.stem}-calibrated.pt")
