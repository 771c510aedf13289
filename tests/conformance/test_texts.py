"""The texts that engines and hosts are asked."""

from edgetext.conformance.texts import EVERY_SORT, ODD_TEXTS, questions


def test_texts_are_seeded_and_of_every_sort():
    made = questions([("play a song",)], 16, 1, odd=80)
    assert made == questions([("play a song",)], 16, 1, odd=80)
    assert made[:20] == questions([("play a song",)], 16, 1, odd=8)[:20]
    assert len({question.kind for question in made}) > 12
    assert any(len(question.texts[0]) > 16 for question in made)
    pairs = questions([("a", "b")], 16, 2, odd=8, more=[b"given"])
    assert all(len(question.texts) == 2 for question in pairs)
    assert {i for question in pairs for i, x in enumerate(question.texts) if x == b""} != set()


def test_every_sort_has_its_turn_and_another_seed_makes_others():
    examples, count = [("wake me up at seven",), ("Björk",)], 5 * len(EVERY_SORT)
    odd = questions(examples, 24, 1, count, seed=3, sorts=EVERY_SORT)[-count:]
    assert {question.kind for question in odd} == set(EVERY_SORT) > set(ODD_TEXTS)
    by_kind = {x.kind: [y.texts[0] for y in odd if y.kind == x.kind] for x in odd}
    assert {len(text) for text in by_kind["one byte"]} == {1}
    assert all(len(text) >= 4 * 24 for text in by_kind["a very long text"])
    assert any(ord(c) > 0x1F000 for text in by_kind["emoji"] for c in text.decode())
    marked = "".join(text.decode() for text in by_kind["an ordinary text with combining marks"])
    assert any(0x300 <= ord(c) < 0x370 or ord(c) > 0x500 for c in marked)
    for kind, texts in by_kind.items():
        assert len(set(texts)) > 1, kind
    assert odd != questions(examples, 24, 1, count, seed=4, sorts=EVERY_SORT)[-count:]
