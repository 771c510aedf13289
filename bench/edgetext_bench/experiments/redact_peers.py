"""A peer of `edgetext redact`, to be run by the interpreter of its own environment.

    pip install presidio-analyzer spacy onnxruntime    # and a model of spaCy, as en_core_web_sm
    python redact_peers.py presidio|spacy MODEL

Reads a JSON list of texts a line; writes {"spans": [[[label, start, end], …], …], "ms": …} a line,
the spans of each text, with offsets in characters, milliseconds of the processor for all of them
and labels as those of the data set `pii`. A list of one text is answered as one text is, several by
the way that the peer has for several. Imports nothing of edgetext.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable
from typing import Any

# Their names for our entities. Any place or date is taken for an address or a date of birth.
LABELS = {
    "PERSON": "PERSON", "LOCATION": "ADDRESS", "GPE": "ADDRESS", "LOC": "ADDRESS", "FAC": "ADDRESS",
    "EMAIL_ADDRESS": "EMAIL", "PHONE_NUMBER": "PHONE", "DATE_TIME": "DATE_OF_BIRTH",
    "DATE": "DATE_OF_BIRTH", "CREDIT_CARD": "CARD", "IBAN_CODE": "IBAN", "US_PASSPORT": "PASSPORT",
    "UK_PASSPORT": "PASSPORT", "US_SSN": "TAX_ID", "US_ITIN": "TAX_ID", "UK_NINO": "TAX_ID",
    "IP_ADDRESS": "IP", "MAC_ADDRESS": "MAC", "URL": "URL",
}  # fmt: skip
Places = list[tuple[str, int, int]]


Answer = Callable[[list[str]], list[Places]]
TOGETHER = 128  # texts that spaCy's pipe takes at once, below Presidio as well


def presidio(model: str) -> Answer:
    """Presidio's analyzer with its recognizers for English, names by spaCy."""
    from presidio_analyzer import AnalyzerEngine, BatchAnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    settings = {
        "nlp_engine_name": "spacy",
        "models": [{"lang_code": "en", "model_name": model}],
    }
    provider = NlpEngineProvider(nlp_configuration=settings)
    analyzer = AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])

    batches = BatchAnalyzerEngine(analyzer_engine=analyzer)

    def answer(texts: list[str]) -> list[Places]:
        if len(texts) == 1:
            found = [analyzer.analyze(texts[0], language="en")]
        else:
            found = batches.analyze_iterator(texts, language="en", batch_size=TOGETHER)
        return [[(r.entity_type, r.start, r.end) for r in each] for each in found]

    return answer


def spacy(model: str) -> Answer:
    """The entities of spaCy's pipeline, without its parts that no entity needs."""
    import spacy as library

    pipeline: Any = library.load(
        model, exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"]
    )

    def answer(texts: list[str]) -> list[Places]:
        one = len(texts) == 1
        found = [pipeline(texts[0])] if one else pipeline.pipe(texts, batch_size=TOGETHER)
        return [[(e.label_, e.start_char, e.end_char) for e in each.ents] for each in found]

    return answer


def main() -> None:
    name, model = sys.argv[1:]
    logging.disable(logging.WARNING)
    answer = {"presidio": presidio, "spacy": spacy}[name](model)
    for line in sys.stdin:
        texts = json.loads(line)
        begin = time.process_time()
        given = answer(texts)
        took = 1e3 * (time.process_time() - begin)
        spans = [
            [[LABELS[label], start, end] for label, start, end in each if label in LABELS]
            for each in given
        ]
        sys.stdout.write(json.dumps({"spans": spans, "ms": took}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
