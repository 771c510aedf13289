"""A text cut a stretch between spaces at a time is as if it was cut at once."""

import random

import numpy as np
import pytest

from edgetext.tasks.learning import encode_cut
from edgetext.text import stretches
from edgetext.text.vocabulary import CLS, Vocabulary

NAMES = (
    "english",
    "uncased",
    "cased",
    "not crowded",
    "as written",
    "uncased as written",
    "clusters",
    "look-alikes",
    "look-alikes in scripts",
)
ENGLISH = [
    "wake me up at seven o'clock tomorrow morning, please!",
    "play the unbelievable new song by the band, and don't forget the naïve café",
]
ODD = [
    "",
    " ",
    "   ",
    " wake  me   up ",
    "wake\tme\nup\r\n at\u00a0seven\u3000now",
    "x" * 40 + " " + "unbelievable" * 30 + " wake",
    "\u0301 \u0301wake \u0301\u0323 up\u0323\u0301 \u200b \u200dme\u200d",
    "\x00 \x00a\x00 \ufffd b\ufffd \x7f \u0085",
    "a\u0338 =\u0338 \u2260",
    b"caf\xc3 \xff\xfewake \xe2\x82 up".decode("utf-8", "replace"),
    "\U0009fffe wake \U000e0041\U000e0042 up",
]


def same(one, other):
    return all(
        getattr(one, name).dtype == getattr(other, name).dtype
        and np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("ids", "first", "start", "end")
    )


@pytest.mark.parametrize("name", NAMES)
def test_stretches_are_cut_as_a_whole_text_is(vocabularies, lines, name):
    vocabulary = vocabularies[name]
    texts = [*lines, *ODD]
    rng = random.Random(name)
    characters = "".join(texts) + "  "
    texts += ["".join(rng.choices(characters, k=rng.randrange(60))) for _ in range(500)]
    for text in [*texts, *texts]:
        assert same(vocabulary.encode(text), vocabulary._cut(text)), ascii(text)


def test_a_text_is_cut_in_the_midst_of_a_stretch_and_of_a_character():
    vocabulary = Vocabulary.train(ENGLISH, size=300)
    text = "the naïve café façade"
    for limit in range(len(text.encode()) + 2):
        read = text.encode()[:limit].decode(errors="ignore")
        assert same(encode_cut(vocabulary, text, limit), vocabulary._cut(read))


def test_vocabularies_share_no_stretches():
    coarse, fine = Vocabulary.train(ENGLISH, size=400), Vocabulary.train(ENGLISH, size=80)
    ids = [v.encode("unbelievable band").ids.tolist() for v in (coarse, fine, coarse, fine)]
    assert ids[0] == ids[2] != ids[1] == ids[3]


def test_what_one_text_is_given_changes_no_other():
    vocabulary = Vocabulary.train(ENGLISH, size=300)
    given = vocabulary.encode("wake me wake")
    expected = given.ids.tolist()
    given.ids[:] = 0
    given.start[:] = 9
    assert vocabulary.encode("wake me wake").ids.tolist() == expected


def test_no_more_stretches_are_kept_than_fit_and_no_long_one(monkeypatch):
    monkeypatch.setattr(stretches, "MOST", 4)
    vocabulary = Vocabulary.train(ENGLISH, size=300)
    kept = stretches.Stretches()
    long = "w" * (stretches.LONGEST + 1)
    for text in ["a b c d e f g", "a b", f"a {long} b", *ENGLISH]:
        assert same(kept.encode(text, CLS, vocabulary._cut), vocabulary._cut(text))
        assert len(kept) <= 4
    kept = stretches.Stretches()
    kept.encode(long, CLS, vocabulary._cut)
    assert len(kept) == 0
