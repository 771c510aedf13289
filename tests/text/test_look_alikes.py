"""What looks like a letter of ASCII is read as that letter, and what nobody sees as nothing."""

import unicodedata

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.data.augment.homoglyphs import HIDDEN, LIKE
from edgetext.text.look_alikes import INVISIBLE, LATIN, PATH, by_script, folds, own_scripts
from edgetext.text.look_alikes_table import written
from edgetext.text.vocabulary import SPECIAL_PIECES, Vocabulary


def read(text, **rules):
    return Vocabulary(SPECIAL_PIECES, look_alikes=True, **rules).normalize(text)


def test_the_table_is_what_the_package_says():
    confusables = pytest.importorskip("confusable_homoglyphs.confusables")
    assert written(confusables.confusables_data) == PATH.read_text("utf-8")


def test_every_look_alike_is_one_letter_or_digit_of_ascii_and_of_one_script():
    scripts = by_script()
    assert sum(map(len, scripts.values())) == len(folds(()))
    for character, letter in folds(()).items():
        assert not character.isascii() and letter.isascii() and letter.isalnum(), character


def test_the_noise_that_evaluate_makes_is_read_as_what_it_stands_for():
    for letter, alike in LIKE.items():
        assert {read(character, lowercase=False) for character in alike} == {letter}
    assert read(f"a{HIDDEN}b") == "ab"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("p\u0430yp\u0430l", "paypal"),
        # A capital is folded before its case is: \u043d does not look like h.
        ("\u041dELLO", "hello"),
        ("\U0001d4f9\U0001d4ea\U0001d502 ⓟ \uff30 \u216f", "pay p p m"),
        # I, 1 and l are one in the list: the case decides.
        ("\u0406nbox \u0399 \U0001d425", "inbox i l"),
        # A letter with its accents, in one code point and in two.
        ("m\u0451 m\u0435\u0308 t\u03cc", "me me to"),
        ("wa\u200bke \u2066me\u2069 u\ufe0fp\U000e0061 \u3164", "wake me up "),
    ],
)
def test_what_texts_are_read_as(text, expected):
    assert read(text) == expected


def test_without_the_option_they_stay_what_they_are():
    vocabulary = Vocabulary(SPECIAL_PIECES)
    assert vocabulary.normalize("p\u0430y\u200bp\u0430l") == "p\u0430y p\u0430l"
    assert "look_alikes" not in vocabulary.to_header()


def test_letters_of_the_texts_own_scripts_stay_what_they_are():
    assert read("\u0441\u043e\u0440 \u03bf", own_scripts=("CYRILLIC",)) == "\u0441\u043e\u0440 o"
    # Nobody sees a joiner in any script.
    assert read("\u0441\u2060\u043e", own_scripts=("CYRILLIC",)) == "\u0441\u043e"


def test_scripts_of_a_text_in_a_thousand_are_its_own():
    english = ["call me", "na\u00efve caf\u00e9"] * 600
    assert own_scripts(english) == ()
    assert own_scripts([*english, "\u043c\u043e\u0441\u043a\u0432\u0430"]) == ()
    russian = [*english, *["\u043c\u043e\u0441\u043a\u0432\u0430 hello"] * 2]
    assert own_scripts(russian) == ("CYRILLIC",)
    # A word with a Latin letter in it is one in disguise.
    assert own_scripts(["p\u0430yp\u0430l"]) == ()
    assert own_scripts(["\u0131s\u0131"]) == (LATIN,)
    assert read("\u0131s\u0131", own_scripts=own_scripts(["\u0131s\u0131"])) == "\u0131s\u0131"


def test_what_nobody_sees_is_no_letter_that_somebody_does():
    kinds = {unicodedata.category(character) for character in INVISIBLE}
    # Fillers of Hangul are letters by their category, variation selectors are marks.
    assert kinds <= {"Cf", "Mn", "Lo", "Cn"}
    assert set(HIDDEN) <= INVISIBLE and INVISIBLE.isdisjoint(folds(()))


def test_a_vocabulary_that_reads_as_written_refuses_it():
    with pytest.raises(EdgetextError, match=r"text\.look_alikes: task lm.*look_alikes: false"):
        Vocabulary(SPECIAL_PIECES, canonical=False, look_alikes=True)
