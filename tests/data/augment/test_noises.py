"""The kinds of noise: what each does, what is refused, and that seeds decide."""

import random

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.data.augment.homoglyphs import HIDDEN, LIKE
from edgetext.data.augment.noises import KINDS, Noiser, noised, parse_noise
from edgetext.data.augment.speech import Homophones, in_words, sound
from edgetext.data.example import Example, Span

TEXT = "Will it be 25.5% colder in São Paulo on 12/7/2021, don't you think?"


def one(kind, text=TEXT, amount=1.0, seed=1):
    return Noiser({kind: amount}, [text])(Example(text, "x"), random.Random(seed)).text


def test_each_kind_does_what_it_says():
    assert one("punctuation") == ("Will it be 25 5 colder in São Paulo on 12 7 2021 dont you think")
    assert one("accents") == TEXT.replace("ã", "a")
    assert one("accents", "øre Straße e\u0301te 東が 각") == "ore Strasse ete 東が 각"
    assert {one("case", seed=seed) for seed in range(20)} == {
        TEXT.lower(), TEXT.upper(), TEXT.replace("It", "it").title().replace("'T", "'T"),
    } or one("case") != TEXT  # fmt: skip
    spoken = one("asr", "Set it for 7:05 on the 2nd, 5pm & 3.5% more.")
    assert spoken.endswith("seven zero five on the 2nd five pm and three point five percent more")
    glyphs = one("homoglyph", "cape town")
    assert glyphs != "cape town" and len(glyphs) == 9
    pairs = [(a, b) for a, b in zip("cape town", glyphs, strict=True) if a != b]
    assert len(pairs) == 2 and all(b in LIKE[a] for a, b in pairs)
    unseen = one("hidden", "cape town")
    assert len(unseen) == 11 and "".join(c for c in unseen if c not in HIDDEN) == "cape town"


def test_typos_are_slips_in_as_many_words_as_asked_for():
    words = ["tomorrow", "Zürich", "ok", "a"] * 500
    given = one("typo", " ".join(words), amount=0.1).split(" ")
    changed = [(old, new) for old, new in zip(words, given, strict=True) if old != new]
    assert 0.08 < len(changed) / 1500 < 0.12
    assert all(abs(len(old) - len(new)) <= 1 and new for old, new in changed)
    assert {len(new) - len(old) for old, new in changed} == {-1, 0, 1}
    assert not any(old == "a" for old, _ in changed)


def test_every_kind_leaves_what_it_does_not_touch():
    for kind in KINDS:
        assert one(kind, "東") == "東"
    assert one("typo", TEXT, amount=1e-9) == TEXT


def test_the_same_seed_gives_the_same_texts_wherever_they_stand():
    examples = [Example(f"fly to Oslo on day {i} please", "x") for i in range(30)]
    amounts = {"typo": 0.3, "homoglyph": 0.2}
    first = noised(examples, amounts, 7)
    assert noised(examples[::-1], amounts, 7) == first[::-1]
    assert first != noised(examples, amounts, 8)
    assert first != examples


def test_homophones_are_of_the_texts_and_of_english():
    words = Homophones(["jimmy and jimmie", "which"])
    assert words.others["jimmy"] == ("jimmie",) and words.others["which"] == ("witch",)
    assert sound("night") == sound("nite") and sound("glen") == sound("glenn")
    assert sound("rome") != sound("room")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("0", "zero"),
        ("10", "ten"),
        ("42", "forty two"),
        ("730", "seven hundred thirty"),
        ("1,000", "one thousand"),
        ("2017", "twenty seventeen"),
        ("1900", "nineteen hundred"),
        ("2005", "two thousand five"),
        ("3.05", "three point zero five"),
        ("007", "zero zero seven"),
        ("12345678", "one two three four five six seven eight"),
    ],
)
def test_numbers_are_said_as_they_are_read(number, said):
    assert in_words(number) == said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tpyo", "noise tpyo is unknown; did you mean typo?"),
        ("typo:2", "noise typo:2: the amount is a share of the words"),
        ("typo:x", "above 0 and at most 1, as typo:0.1"),
        ("case,case", "noise case is named twice"),
        (" , ", "no noise is named"),
    ],
)
def test_what_is_refused(text, words):
    with pytest.raises(EdgetextError, match=words):
        parse_noise(text)


def test_noise_is_read_in_the_order_in_which_it_happens():
    assert list(parse_noise("typo:0.2, case").items()) == [("case", 1.0), ("typo", 0.2)]


def test_answers_that_are_texts_are_refused():
    example = Example("who?", None, (Span("a", 0, 3),), "made:3", references=("x",))
    with pytest.raises(EdgetextError, match="made:3: what is asked for stands in the text"):
        noised([example], {"typo": 0.1}, 1)
