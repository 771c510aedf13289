"""Characters that nobody sees, inside of words: the same answers in every runtime."""

import pytest

from edgetext.data.augment.homoglyphs import HIDDEN

# Marks of direction and the like, which are dropped; U+200B parts words, as it does in Thai.
DROPPED = sorted({*HIDDEN, *"\u202a\u202e\u2066\u2069\ufeff\u034f"} - {"\u200b"})


@pytest.mark.parametrize("model", ["joint", "int8"])
@pytest.mark.parametrize("runtime", ["pt", "onnx", "pte"])
def test_a_hidden_character_changes_no_label_and_stands_in_its_span(predictors, model, runtime):
    predictor = getattr(predictors[model], runtime)
    plain = predictor.predict("book me a seat to Oslo tomorrow")
    assert [span.text for span in plain.spans] == ["Oslo", "tomorrow"]
    for character in DROPPED:
        answer = predictor.predict(f"book me a se{character}at to Os{character}lo tomorrow")
        assert answer.intent == plain.intent, f"U+{ord(character):04X}"
        assert answer.score == pytest.approx(plain.score, abs=1e-5)
        assert [span.text for span in answer.spans] == [f"Os{character}lo", "tomorrow"]


def test_a_zero_width_space_parts_a_word(predictors):
    for predictor in (predictors["joint"].pt, predictors["joint"].onnx, predictors["joint"].pte):
        parted = predictor.predict("book me a se\u200bat to Oslo tomorrow")
        spaced = predictor.predict("book me a se at to Oslo tomorrow")
        assert parted.intent == spaced.intent and parted.score == pytest.approx(
            spaced.score, abs=1e-5
        )
