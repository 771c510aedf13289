"""The tensor program says what the Rust tokenizer says, to the id and to the byte."""

import random
import unicodedata

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from edgetext.text.graph import TextGraph
from edgetext.text.vocabulary import Vocabulary

NAMES = [
    "english",
    "uncased",
    "cased",
    "not crowded",
    "clusters",
    "as written",
    "uncased as written",
]
# Writing a graph takes seconds of processor time: `make test` has each vocabulary in a runtime, and
# each runtime with two; `make check-all` has them all.
FAST = {"onnx": ("uncased", "clusters"), "executorch": ("not crowded", "clusters")}

TEXTS = {
    "a space": " ",
    "spaces only": " \t\n\r  ",
    "one letter": "a",
    "a sentence": "wake me up at seven o'clock tomorrow morning, please!",
    "upper case": "WAKE Me Up At SEVEN",
    "odd spaces": "\u00a0a\u2003b\u3000c\u2028d\u205fe\u1680f\x0bg\x0ch\x85i\u200bj",
    "accents composed": "San José naïve Zürich façade",
    "accents decomposed": "San Jose\u0301 nai\u0308ve Zu\u0308rich fac\u0327ade",
    "an accent first": "\u0301a \u0301 b\u0301\u0302\u0303c",
    "an accent after punctuation": "a.\u0301b ?\u0308",
    "sharp s and ligatures": "Straße STRASSE ẞ ﬁne ﬃ ǆ Ǆ",
    "dotted and dotless i": "İstanbul ISTANBUL ısı i\u0307 I\u0307",
    "final sigma": "ΟΔΥΣΣΕΥΣ σοφός Σ ΑΣ. ς",
    "cyrillic": "Москва ёлка Ёлка й и\u0306 їжак",
    "thai": "ปลุกฉันตอนเจ็ดโมงเช้าพรุ่งนี้ ที่",
    "thai beside other scripts": "ตี5 7โมง okครับ a่b ่ก กa่ข ก.่ข ฿20 ๓๔ ก็ๆ ฯลฯ",
    "lao, burmese and khmer": "ຕັ້ງໂມງ ນ້ຳ ໜ ပြည်သူ့မနက် ဦးဥ က္က ខ្ញុំព្យាករណ៍ ៗ ១២",
    "letters that no piece holds": "ฌฦฬฺกฌ่ ຢໝກ ၐၑ ឝឞក៑",
    "99 signs on a letter": "ก" + "่" * 99 + "ข",
    "100 signs on a letter": "ก" + "่" * 100 + "ข",
    "a long line without spaces": "ปลุกฉันตอนเจ็ดโมงเช้า" * 7,
    "devanagari": "हिन्दी में क़लम क\u093cलम ड़ कि",
    "bengali and tamil": "বাংলা কো தமிழ் கொ",
    "hangul syllables": "한국어 텍스트를 각각 뷁 가a나",
    "hangul jamo": "\u1112\u1161\u11ab \u3131 서\u11af \u1161\u11ab 서울역에서",
    "decomposed": unicodedata.normalize("NFD", "Việt ệ ẹ́kọ́ ガンバレ がぎ 서울역 값 ᾧ הַשָּׁנָה"),
    "marks in other orders": "e\u0302\u0323 ê\u0323 ẹ\u0302 o\u0301\u0323 "
    "ש\u05c1\u05bc\u05b8 م\u0651\u064e",
    "marks with something dropped between": "e\u0302\u200d\u0323t e\u200d\u0302\u0323 \u0302\u0323",
    "four marks": "o\u0301\u0302\u0323\u031b o\u0323\u0301\u0323\u0301 o\u0301\u0300\u0323",
    "crowded": "ǖ u\u0308\u0304 ü\u0304 Ϊ́ ΐ ϊ\u0301 ᾆ ǚX",
    "a sign after a letter with marks": "Ế่ ê\u0e48 ก\u0e48\u0301 ế\u3099か",
    "signs of mathematics": "a≠b a=\u0338b ≮ ≯ \u0338",
    "zero width spaces": "กา\u200bขา \u200b a\u200bb\u200b",
    "full width": "Ｈｅｌｌｏ　Ｗ０ｒｌｄ！ ｶﾞﾝﾊﾞﾚ ﾊﾟﾋﾟ ￥￦ ﾡￂ ｡｢｣",
    "kana": "東京タワーへ行きたい さくらって データを きゃりー゛ か゛ ーあ 佐々木さん",
    "angstrom and kelvin": "5 Å 3 Å 2 K Ω Ω 豈 豈",
    "dropped at the ends": "\u200e\u0301wake\u200d\u0301\u200e me\u0301",
    "chinese": "今天天气怎么样？明天, 叫醒我。",
    "japanese": "日本語テキスト がぎぐ か\u3099 ｱｲｳ ﾊﾟ",
    "rare ideographs": "𠀀𪚥〇㐂豈\u2f800\U0002f800",
    "right to left": "العربية مَرْحَبًا שָׁלוֹם עולם\u200f.",
    "emoji": "good 😀👍 morning ♥️",
    "joined emoji": "a👩‍👩‍👧‍👦b 👍🏽 🏳️‍🌈",
    "flags": "🇩🇪🇫🇷 a🇪🇸b 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "control characters": "a\x00b\x01c\x7fd\x9fe \x1b[0m",
    "format characters": "soft\u00adhyphen zero\u200bwidth joi\u200dner bom\ufeff word\u2060joiner",
    "replacement character": "a\ufffdb \ufffd c",
    "private use": "a\ue000b \U000f0000 \U0010ffff c",
    "noncharacters and unassigned": "a\ufdd0b \uffff \U00050000c \U000e1000d ͸",
    "variation selectors and tags": "a\ufe0fb \U000e0041c \U000e0100d",
    "special pieces as words": "[CLS] [UNK] [PAD] [MASK] [cls]a",
    "continuation marks": "##a a##b ## # ##",
    "punctuation runs": "...!!! ?!?! -- --- ,,a,,b '''' <|> ~`^$+=|",
    "unicode punctuation": "“a” «b» ¿c? – — … 、。「」 ‽ ′ §¶†",
    "symbols that are no punctuation": "€ £ ° © ± × → ∞ ½ ² ™ №",
    "numbers": "10:30 25°C −3 1,000.50 ٣٤ Ⅷ ①",
    "8, 9, 16 and 17 pieces": " ".join("x" * pieces for pieces in (8, 9, 16, 17)),
    "8, 9, 16 and 17 known pieces": " ".join("wake" * pieces for pieces in (8, 9, 16, 17)),
    "31 pieces": "x" * 31,
    "32 pieces": "x" * 32,
    "33 pieces": "x" * 33,
    "known pieces of 100 characters": "wake" * 25,
    "32 known pieces": "wake" * 32,
    "33 known pieces": "wake" * 32 + "w",
    "64 and 65 pieces": "x" * 64 + " " + "x" * 65,
    "long words beside short ones": "a "
    + "morning" * 30
    + " b "
    + "e" * 100
    + " "
    + "e" * 101
    + ".c",
    "a long word, then an accent": "e" * 99 + "é" + "\u0301 " + "e" * 100 + "é",
    "characters of two bytes": "é" * 32 + " " + "é" * 33,
    "32 jamo from 11 syllables": "각" * 10 + "가 " + "각" * 11,
    "fails at the last character": "morning\u0f00 seve\u0f00n \u0f00",
    "no final space": "please",
    "a final space": "please ",
    "500 bytes": "play the newest song " * 23,
}

BYTES = {
    "a lone continuation": b"a\x80b \xbf",
    "a cut character of two": b"caf\xc3",
    "a cut character of three": b"a\xe4\xbb b\xe4 c\xe4",
    "a cut character of four": b"a\xf0\x9f\x98 b\xf0\x9f c\xf0",
    "a lead before a letter": b"\xc3a \xe4a\xbb \xf0\x9fa",
    "a lead before a lead": b"\xc3\xc3\xa9 \xe4\xe4\xbb\x8a \xf0\xf0\x9f\x98\x80",
    "over-long forms of two and three": b"a\xc0\x80b \xc1\xbf \xe0\x80\x80c \xe0\x9f\xbf",
    "over-long forms of four": b"a\xf0\x80\x80\x80b \xf0\x8f\xbf\xbf",
    "surrogates": b"a\xed\xa0\x80b \xed\xbf\xbfc \xed\x9f\xbf",
    "beyond Unicode": b"a\xf4\x90\x80\x80b \xf5\x80\x80\x80 \xf8\x88\x80\x80\x80 \xff\xfe",
    "the last character": b"a\xf4\x8f\xbf\xbfb",
    "invalid between letters": b"wa\xffke m\xc3e",
    "invalid at the edges": b"\xffwake\xff \xe4\xbbme\xc3",
    "invalid only": b"\xff\xfe\x80",
    "invalid between a letter and its accent": b"e\xff\xcc\x81 \xcc\x81\xff",
    "one zero byte": b"\x00",
}

CASES = {name: text.encode() for name, text in TEXTS.items()} | BYTES


def written():
    """Each vocabulary in each runtime that a graph is written for."""
    for runtime, fast in FAST.items():
        for name in NAMES:
            yield pytest.param(runtime, name, marks=[] if name in fast else [pytest.mark.slow])


@pytest.mark.parametrize(
    ("runtime", "name"), [*(pytest.param("eager", name) for name in NAMES), *written()]
)
def test_hand_picked_texts_are_read_as_the_reference_reads_them(
    runtime, name, request, vocabularies, reference
):
    run = request.getfixturevalue(runtime)[name]
    for title, data in CASES.items():
        assert run(data) == reference(vocabularies[name], data), title


def test_offsets_count_the_bytes_of_invalid_text_as_they_came(eager, vocabularies):
    # Python reads three replacement characters (nine bytes) here; the graph points into the eight
    # bytes that were sent. A word is not ended by them.
    data = b"\xffwa\xc3ke\xe4\xbb"
    ids, first, start, end = eager["english"](data)
    assert (ids[1:], first) == (vocabularies["english"].encode("wake").ids[1:].tolist(), [0, 1])
    assert (start[1:], end[1:]) == ([1], [8])


@pytest.mark.parametrize("limit", [8, 16, 32])
def test_a_word_of_more_pieces_than_the_limit_is_unknown(limit):
    pieces = ["[PAD]", "[UNK]", "[CLS]", "a", "##a", "b"]
    vocabulary = Vocabulary(pieces, word_pieces=limit)
    data = f"{'a' * limit} {'a' * (limit + 1)} b".encode()
    text = torch.tensor([list(data)], dtype=torch.uint8)
    ids, _, start, end = TextGraph(vocabulary)(text)
    assert ids.tolist() == [2, 3, *[4] * (limit - 1), 1, 5]
    assert end[2].item() - start[2].item() == limit + 1
    assert ids.tolist() == vocabulary.encode(data.decode()).ids.tolist()


def test_a_word_has_what_is_dropped_after_its_letters(eager):
    _, _, start, end = eager["english"]("me\u0301 up\u200d\u0301".encode())
    assert (start[1:], end[1:]) == ([0, 5], [4, 12])


def test_a_word_of_an_older_model_ends_before_its_accent(eager):
    _, _, start, end = eager["uncased as written"]("me\u0301 up\u200d\u0301".encode())
    assert (start[1:], end[1:]) == ([0, 5], [2, 7])


def texts():
    known = st.sampled_from(
        "aeiourstn EWK.,'-!?#[]éüßİσςΣ\u0301\u0308\u0323\u0302\u031bệợñ한각\u1109\u1165क़ดี่เກັကិក្"
        "今日がさーっゃ\u3099Ａｶﾞ👍\u200b\u200d\u00ad\u00a0≠="
    )
    some = st.characters(exclude_categories=["Cs"])
    short = st.text(st.one_of(known, known, some), max_size=60)
    runs = st.builds(str.__mul__, st.text(known, min_size=1, max_size=3), st.integers(1, 101))
    return st.lists(st.one_of(short, short, runs), min_size=1, max_size=3).map(" ".join)


def byte_strings():
    broken = [b"\x80", b"\xbf", b"\xc3", b"\xc0", b"\xe0", b"\xe4\xbb", b"\xed", b"\xa0", b"\xff"]
    broken += [b"\xf0\x9f", b"\xf4\x90"]
    whole = [character.encode() for character in "e .é\u0301今"]
    pieces = st.sampled_from(broken + whole)
    mixed = st.lists(pieces, max_size=25).map(b"".join)
    return st.one_of(st.binary(max_size=40), mixed)


@pytest.mark.parametrize("name", NAMES)
@given(text=texts())
@settings(max_examples=300, deadline=None)
def test_any_unicode_is_read_as_the_reference_reads_it(name, eager, vocabularies, reference, text):
    data = text.encode() or b" "
    assert eager[name](data) == reference(vocabularies[name], data)


@pytest.mark.parametrize("name", NAMES)
@given(data=byte_strings())
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_as_python_replaces_them(name, eager, vocabularies, reference, data):
    data = data or b" "
    assert eager[name](data) == reference(vocabularies[name], data)


@pytest.mark.parametrize(("runtime", "name"), list(written()))
@given(data=st.one_of(texts().map(str.encode), byte_strings()))
@settings(max_examples=100, deadline=None)
def test_the_runtimes_read_any_bytes_alike(runtime, name, request, vocabularies, reference, data):
    data = data[:512] or b" "
    run = request.getfixturevalue(runtime)[name]
    assert run(data) == reference(vocabularies[name], data)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_character_of_unicode_is_read_as_the_reference_reads_it(
    name, onnx, vocabularies, reference
):
    characters = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    for at in range(0, len(characters), 256):
        data = " ".join(f"e{c}a {c}" for c in characters[at : at + 256]).encode()
        assert onnx[name](data) == reference(vocabularies[name], data), f"from character {at}"


def test_a_text_of_many_kilobytes_is_read_whole(onnx, vocabularies, reference):
    random_words = random.Random(1).choices(
        ["wake", "me", "unbelievable", "x" * 101, "é", "今", "\U0001f600", "zzq"], k=12_000
    )
    data = " ".join(random_words).encode()
    assert len(data) > 1 << 17
    assert onnx["uncased"](data) == reference(vocabularies["uncased"], data)


def test_a_vocabulary_without_continuations_still_reads_words():
    vocabulary = Vocabulary(["[PAD]", "[UNK]", "[CLS]", "a"])
    text = torch.tensor([list(b"a b aa a")], dtype=torch.uint8)
    ids, first, start, end = TextGraph(vocabulary)(text)
    assert ids.tolist() == [2, 3, 1, 1, 3]
    assert first.tolist() == [0, 1, 2, 3, 4]
    assert (start.tolist(), end.tolist()) == ([-1, 0, 2, 4, 7], [0, 1, 3, 6, 8])


def test_pieces_that_no_text_reaches_do_no_harm(reference, vocabularies):
    # Upper case and accents in an uncased vocabulary, punctuation within a word, a space, "##".
    odd = ["A", "É", "a.b", "##.", "a b", "##", "", "é", "\u0301", "##\u0301a", "[MASK]"]
    known = vocabularies["uncased"]
    vocabulary = Vocabulary([*known.pieces, *(piece for piece in odd if piece not in known.ids)])
    graph = TextGraph(vocabulary)
    for data in CASES.values():
        tensor = torch.frombuffer(bytearray(data), dtype=torch.uint8)[None]
        assert tuple(x.tolist() for x in graph(tensor)) == reference(vocabulary, data)
