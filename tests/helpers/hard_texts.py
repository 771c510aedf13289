"""Texts and bytes that are hard to read, picked by hand and drawn by hypothesis."""

import unicodedata

from hypothesis import strategies as st

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
    "look-alikes": "w\u0430k\u0435 m\u0451 \u03c5\u0440 \u0410\u0412\u0421 \u0397\u0406 \u0131 "
    "\U0001d4f9\U0001d4f5\U0001d41a\uff59 ⓐ ᎪᏴ \u0501ո ſ ϓ",
    "nobody sees": "\u2066m\u2069e\u00ad \u3164a\u115f\ufe0f \U000e0061 \u034f\u180b\u2800 \u17b4",
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


def texts():
    known = st.sampled_from(
        "aeiourstn EWK.,'-!?#[]éüßİσςΣ\u0301\u0308\u0323\u0302\u031bệợñ한각\u1109\u1165क़ดี่เກັကិក្"
        "今日がさーっゃ\u3099Ａｶﾞ👍\u200b\u200d\u00ad\u00a0≠=аеНіοΙ𝐚\ufe0f\u2066"
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
