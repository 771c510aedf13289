"""Calibrating a trained classifier on data that it did not learn from."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from edgetext.core.errors import EdgetextError
from edgetext.data.augment.negatives import KINDS, Negatives, NegativesConfig
from edgetext.data.example import Example
from edgetext.data.no_label import OUT_OF_SCOPE
from edgetext.model.model import Model
from edgetext.tasks.calibration import Calibration
from edgetext.tasks.metrics import worst
from edgetext.tasks.trust import (
    Scored,
    Trust,
    best_temperature,
    gold_numbers,
    outside_label,
    score_for_alarms,
    score_for_recall,
    trust,
)
from edgetext.training.dataset import EncodedSet
from edgetext.training.evaluation import BATCH_SIZE, device_of, judge


@dataclass(frozen=True, slots=True)
class Aim:
    """scope_recall: the share of texts about nothing known that is to be recognized. false_alarms:
    the share of the others that may be taken for such. At most one of them; None leaves how ready
    the model is to say so as it was learnt. negatives: of scope_recall, the kind of texts about
    nothing known that are made of the others (see data.augment.negatives), where data has none."""

    scope_recall: float | None = None
    false_alarms: float | None = None
    negatives: str | None = None

    @property
    def outside(self) -> bool:
        """Whether texts about nothing known are to be told apart."""
        return self.scope_recall is not None or self.false_alarms is not None


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The model, how it was calibrated, and what its probabilities are worth before and after, on
    the examples of `test`."""

    model: Model
    calibration: Calibration
    before: Trust
    after: Trust
    texts: int


def check_calibrated(model: Model) -> None:
    """EdgetextError where a model's answer is not one label among several."""
    model.learner.calibrated(Calibration())


def calibrate(
    model: Model, valid: list[Example], test: list[Example], aim: Aim, *, own_split: bool
) -> Calibrated:
    """Find the temperature, and how ready the model is to say that a text is about nothing known.

    valid: what they are found on; test: what is reported. own_split: whether that is the test split
    of a recipe, whose metrics the model keeps. It begins with the scores as they were learnt,
    whatever calibration there is. EdgetextError where the examples do not show what is wanted.
    """
    labels, as_it_is = model.header.labels["intent"], model.header.calibration
    bare = Calibration(outside=outside_label(labels))
    if aim.outside and bare.outside is None:
        given = (str(e.intent) for e in valid if e.intent in OUT_OF_SCOPE)
        bare = Calibration(outside=next(given, OUT_OF_SCOPE[0]), added=True, score=-np.inf)
    if bare.outside is None:
        _check_inside(model, [*valid, *test])
    on = scores_of(model, valid, bare)
    fitted = replace(bare, temperature=best_temperature(on))
    if aim.scope_recall is not None:
        seen = on
        if aim.negatives is not None:
            seen = scores_of(model, [*valid, *_negatives(valid, str(bare.outside), aim)], bare)
        fitted = replace(fitted, score=score_for_recall(seen, fitted, aim.scope_recall))
    if aim.false_alarms is not None:
        fitted = replace(fitted, score=score_for_alarms(on, fitted, aim.false_alarms))
    reported = on if test is valid else scores_of(model, test, bare)
    return Calibrated(
        _applied(model, fitted, test, own_split),
        fitted,
        trust(reported, Calibration.from_dict(as_it_is) if as_it_is else bare),
        trust(reported, fitted),
        len(test),
    )


def _check_inside(model: Model, examples: Sequence[Example]) -> None:
    """EdgetextError for a text about nothing known, whose label the model has not."""
    outside = next((e for e in examples if e.intent in OUT_OF_SCOPE), None)
    if outside is not None:
        raise EdgetextError(
            f"{outside.source}: {model} has no label {outside.intent}; give --scope-recall or "
            "--false-alarms, with which it gets one, or data without such texts"
        )


def _negatives(valid: Sequence[Example], label: str, aim: Aim) -> list[Example]:
    """Make texts about nothing known of the others, always the same; EdgetextError where there are
    some already."""
    given = next((e for e in valid if e.intent in OUT_OF_SCOPE), None)
    if given is not None:
        raise EdgetextError(
            f"{given.source}: there are texts with the label {given.intent}; leave out --negatives"
        )
    weights = {kind: float(kind == aim.negatives) for kind in KINDS}
    config = NegativesConfig.model_validate({"label": label, **weights})
    return Negatives(config, valid).added(random.Random(0))


def _applied(model: Model, fitted: Calibration, test: list[Example], own_split: bool) -> Model:
    """The model with its step in the history."""
    calibrated = model.with_header(calibration=fitted.as_dict())
    judged = judge(calibrated.network, EncodedSet.of_model(calibrated, test))
    metrics = {"test": judged.figures if own_split else {}}
    return calibrated.replace(
        calibrated.network, model.header.variant, metrics, worst(judged.classes)
    )


@torch.no_grad()
def scores_of(model: Model, examples: list[Example], bare: Calibration) -> Scored:
    """The scores of a network as it was learnt, of examples of which some may have the label that
    `bare` adds; EdgetextError where there is none."""
    if not examples:
        raise EdgetextError("there is no text to calibrate on; give labeled texts")
    knowing = model.with_header(calibration=replace(bare, score=0.0).as_dict())
    data = EncodedSet.of_model(knowing, examples)
    network, device = model.network.eval(), device_of(model.network)
    scores = torch.empty(len(examples), len(model.header.labels["intent"]), dtype=torch.float64)
    for rows in data.rows_in_order(BATCH_SIZE):
        batch = data.batch(rows).to(device)
        scores[rows] = network(batch.ids, batch.mask)["intent"].double().cpu()
    labels = model.header.labels["intent"]
    gold = gold_numbers([str(example.intent) for example in examples], labels)
    return Scored(scores.numpy(), gold, labels)
