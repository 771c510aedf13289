"""Vocabularies of many scripts, the reference in bytes, and the graph in three runtimes."""

import codecs

import numpy as np
import onnxruntime
import pytest
import torch
from executorch.exir import EdgeCompileConfig, to_edge
from executorch.runtime import Runtime

from edgetext.targets.onnx.passes import rewrite
from edgetext.targets.onnx.reading import prepare_reading
from edgetext.targets.onnx.write import export_graph
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


def decode(data):
    """Python's errors="replace" reading, and for each byte of the UTF-8 of that text (and its end)
    the offset in `data` where the character at that byte begins."""
    try:
        return data.decode(), np.arange(len(data) + 1)
    except UnicodeDecodeError:
        bad = {}

    def note(error):
        bad[error.start] = error.end
        return "�", error.end

    codecs.register_error("edgetext-test-note", note)
    text = data.decode("utf-8", "edgetext-test-note")
    origin, place = [], 0
    for character in text:
        width = len(character.encode())
        origin += [place] * width
        place = bad.get(place, place + width) if character == "�" else place + width
    assert place == len(data)
    return text, np.array([*origin, place])


def _reference(vocabulary, data):
    """What the graph must say of `data`: ids, first, start and end, as lists, [CLS] in front.

    start and end are those of Vocabulary.encode, the end of a word, or of [CLS], being that of its
    last piece, as offsets in `data`: where it is invalid UTF-8, they count its own bytes and not
    those of the replacement characters.
    """
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
    }


@pytest.fixture(scope="session")
def eager(vocabularies):
    """Vocabulary's name → a function from bytes to the four outputs as lists."""
    return {name: _eager(TextGraph(v)) for name, v in vocabularies.items()}


@pytest.fixture(scope="session")
def onnx(vocabularies, tmp_path_factory):
    folder = tmp_path_factory.mktemp("onnx")
    return _AskedFor(lambda name: _onnx(vocabularies[name], folder / f"{name}.onnx"))


@pytest.fixture(scope="session")
def executorch(vocabularies, tmp_path_factory):
    folder = tmp_path_factory.mktemp("executorch")
    return _AskedFor(lambda name: _executorch(vocabularies[name], folder / f"{name}.pte"))


@pytest.fixture(scope="session")
def export_onnx():
    """A function from a vocabulary and a path to the graph in ONNX Runtime."""
    return _onnx


class _AskedFor(dict):
    """Values that are made when they are first asked for."""

    def __init__(self, make):
        super().__init__()
        self.make = make

    def __missing__(self, name):
        self[name] = self.make(name)
        return self[name]


def _with_limit(vocabulary, pieces):
    return vocabulary.with_pieces(vocabulary.pieces, word_pieces=pieces)


def _eager(graph):
    def run(data):
        return tuple(part.tolist() for part in graph(_tensor(data)))

    return run


class _Reader(torch.nn.Module):
    """What reads a text in a model."""

    def __init__(self, vocabulary):
        super().__init__()
        self.pieces = TextGraph(vocabulary)

    def forward(self, text):
        return self.pieces(text)


def _onnx(vocabulary, path):
    """As `export` writes it: by ONNX Runtime's own operators, rewritten and optimized."""
    reader = _Reader(vocabulary).eval()
    prepare_reading(reader)
    inputs = {"text": (_tensor(b"an example"), {1: torch.export.Dim("n", min=1)})}
    model = export_graph(reader, inputs)
    rewrite(model)
    path.write_bytes(model.SerializeToString())
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def run(data):
        text = np.frombuffer(data, np.uint8)[np.newaxis]
        return tuple(part.tolist() for part in session.run(None, {"text": text}))

    return run


class _AsTuple(torch.nn.Module):
    def __init__(self, tokenize):
        super().__init__()
        self.tokenize = tokenize

    def forward(self, text):
        return tuple(self.tokenize(text))


def _executorch(vocabulary, path):
    graph = _AsTuple(TextGraph(vocabulary, widen=False)).eval()
    shapes = ({1: torch.export.Dim("n", min=1, max=512)},)
    exported = torch.export.export(graph, (_tensor(b"an example"),), dynamic_shapes=shapes)
    edge = to_edge(exported, compile_config=EdgeCompileConfig(_check_ir_validity=False))
    path.write_bytes(edge.to_executorch().buffer)
    method = Runtime.get().load_program(path).load_method("forward")

    def run(data):
        return tuple(part.tolist() for part in method.execute([_tensor(data)]))

    # The method reads the program's memory, so this must outlive it.
    run.method = method
    return run


def _tensor(data):
    return torch.frombuffer(bytearray(data), dtype=torch.uint8).reshape(1, -1)
