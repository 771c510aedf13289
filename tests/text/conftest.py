"""Vocabularies of many scripts, the reference in bytes, and the graph in three runtimes."""

import re

import numpy as np
import pytest
from graph_runtimes import AskedFor, decode, in_executorch, in_onnx_runtime, in_pytorch

from edgetext.text.clusters import SCRIPTS
from edgetext.text.graph import TextGraph
from edgetext.text.vocabulary import Vocabulary

ENGLISH = """
wake me up at seven o'clock tomorrow morning, please! play the newest song by the band on my list
book a table for 4 at a restaurant in San José (not too far) and don't forget the naïve café façade
what's the weather in Zürich today? 25°C or −3 °F? rate this book 5/6 & add it to my #reading list
unbelievable internationalisation of the uncharacteristically long words; e-mail me @ 10:30 a.m.
""".strip().split("\n")
WORLD = """
Straße Ünïcode ÀÉÎÕÜ İstanbul ısı ΟΔΥΣΣΕΥΣ σοφός Москва Ёлка їжак ﬁne ½ ①
ปลุกฉันตอนเจ็ดโมงเช้าพรุ่งนี้ ตั้งเตือน พยากรณ์อากาศ
हिन्दी में लिखना क़लम सुबह सात बजे बांग्লা தமிழ்
한국어 텍스트를 나누기 안녕하세요 각각 뷁
今天天气怎么样 明天早上七点叫醒我 日本語テキスト がぎぐ ｱｲｳ
العربية مرحبا שלום עולם ა ბ
😀 👍 ♥ → … “quotes” «guillemets» ¿qué? – —
""".strip().split("\n")


SPACELESS = """
ຕັ້ງໂມງປຸກ ພະຍາກອນອາກາດ ပြည်သူ့ မနက်ဖြန် မိုးရွာမလား ဦးဥ ដាស់ខ្ញុំ ព្យាករណ៍អាកាសធាតុ ៗ
ปลุกตี5ครึ่ง 7โมงเช้า ok ครับ น้ำ เก๋ ฯลฯ ๆ ก็ ๓๔ ฿20
東京タワーへ行きたい ビートルズをかけて さくらって ガンバレ ぱぴぷ ㇰ ゝゞ
서울역에서 만나 내일 날씨 알려줘 값 ㄱ
""".strip().split("\n")
MARKED = """
Việt Nam nghiêng đường phố điện thoại ở đâu ợ ữ ặ ẹ́kọ́ ọ̀nà ilẹ̀ ṣé ǫ́ ệ
مُحَمَّد שָׁלוֹם הַשָּׁנָה हिन्दी क़्या ड़् ქართული ἄνθρωπος ᾧ
""".strip().split("\n")

UNFINISHED = re.compile(rb"(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})\Z")


def _reference(vocabulary, data):
    """What the graph must say of `data`: ids, first, start and end, as lists, [CLS] in front.

    start and end are those of Vocabulary.encode, the end of a word, or of [CLS], being that of its
    last piece, as offsets in `data`: where it is invalid UTF-8, they count its own bytes and not
    those of the replacement characters. To a canonical vocabulary a character whose bytes the end
    of the text cuts off is space.
    """
    if vocabulary.canonical:
        data = UNFINISHED.sub(lambda found: b" " * len(found[0]), data)
    text, origin = decode(data)
    encoding = vocabulary.encode(text)
    first = np.flatnonzero(encoding.first)
    last = np.append(first, len(encoding.ids))[1:] - 1
    return (
        encoding.ids.tolist(),
        [0, *first.tolist()],
        [-1, *origin[encoding.start[first]].tolist()],
        origin[encoding.end[[0, *last]]].tolist(),
    )


@pytest.fixture(scope="session")
def reference():
    return _reference


@pytest.fixture(scope="session")
def lines():
    """Texts of many scripts."""
    return [*ENGLISH, *WORLD, *SPACELESS, *MARKED]


@pytest.fixture(scope="session")
def vocabularies():
    """With each of the limits of pieces a word."""
    lines = ENGLISH * 3 + WORLD
    clusters = Vocabulary.train(
        lines + SPACELESS + MARKED, size=1800, keep_accents=True, clusters=SCRIPTS, fold_width=True
    )
    return {
        "english": Vocabulary.train(ENGLISH, size=400),
        "uncased": Vocabulary.train(lines, size=1500),
        "cased": _with_limit(Vocabulary.train(lines, size=1500, lowercase=False), 8),
        "not crowded": Vocabulary.train(lines, size=1500, lowercase=False).limited(lines),
        "as written": Vocabulary.train(lines, size=1500, lowercase=False, canonical=False),
        "uncased as written": Vocabulary.train(lines, size=1500, canonical=False),
        "clusters": _with_limit(clusters, 16),
        "look-alikes": Vocabulary.train(ENGLISH, size=400, look_alikes=True),
        "look-alikes in scripts": Vocabulary.train(
            lines, size=1500, lowercase=False, look_alikes=True, own_scripts=("CYRILLIC", "LATIN")
        ),
    }


@pytest.fixture(scope="session")
def eager(vocabularies):
    """Vocabulary's name → a function from bytes to the four outputs as lists."""
    return {name: in_pytorch(TextGraph(v)) for name, v in vocabularies.items()}


@pytest.fixture(scope="session")
def onnx(vocabularies, tmp_path_factory):
    folder = tmp_path_factory.mktemp("onnx")
    return AskedFor(
        lambda name: in_onnx_runtime(TextGraph(vocabularies[name]), folder / f"{name}.onnx")
    )


@pytest.fixture(scope="session")
def executorch(vocabularies, tmp_path_factory):
    folder = tmp_path_factory.mktemp("executorch")
    return AskedFor(
        lambda name: in_executorch(
            TextGraph(vocabularies[name], widen=False), folder / f"{name}.pte"
        )
    )


@pytest.fixture(scope="session")
def export_onnx():
    """A function from a vocabulary and a path to the graph in ONNX Runtime."""
    return lambda vocabulary, path: in_onnx_runtime(TextGraph(vocabulary), path)


def _with_limit(vocabulary, pieces):
    return vocabulary.with_pieces(vocabulary.pieces, word_pieces=pieces)
