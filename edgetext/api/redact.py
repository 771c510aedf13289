"""`edgetext.redact`: personal data out of a text."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from edgetext.data.example import Span
from edgetext.predictor import Predictor, load
from edgetext.redaction.style import Style
from edgetext.redaction.windows import Finder


@dataclass(frozen=True, slots=True)
class Redaction:
    """text: with placeholders, str or bytes as it was given. spans: where they stood in the given
    text. values: of a mapped one, what each placeholder stands for."""

    text: str | bytes
    spans: tuple[Span, ...]
    values: Mapping[str, str]


def redact(
    text: str | bytes,
    model: str | os.PathLike[str] | Predictor,
    style: str = "<LABEL>",
    *,
    key: bytes | None = None,
    mapped: bool = False,
) -> Redaction:
    """Put placeholders in the place of what a model of spans finds in a text of any length.

    Card numbers, IBANs and IP addresses are checked exactly: a wrong one is left, a right card or
    IBAN that the model missed is taken. style: as `<LABEL>`, or `hash` for an HMAC by `key`;
    mapped: number the placeholders and give their values. EdgetextError for a model without spans.

    >>> edgetext.redact("call Anna Koch on 030 23125 042", "pii.onnx").text
    'call <PERSON> on <PHONE>'
    """
    predictor = model if isinstance(model, Predictor) else load(model)
    marks = Style(style, key, mapped)
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    spans = Finder(predictor, marks.literal()).spans(data)
    clean = b"".join(marks.replaced(data, spans))
    answer = clean.decode("utf-8", "replace") if isinstance(text, str) else clean
    return Redaction(answer, tuple(spans), marks.values)
