"""CoNLL-U: the bytes of each label in raw and in spaced text, and what is wrong with a line."""

import pytest

from edgetext.core.errors import EdgetextError


def line(number, form, upos="_", misc="_", xpos="_"):
    return f"{number}\t{form}\t_\t{upos}\t{xpos}\t_\t0\troot\t_\t{misc}\n"


DONT = (
    "# sent_id = 1\n# text = I don't, café's \n"
    + line(1, "I", "PRON", xpos="PRP")
    + line("2-3", "don't", misc="SpaceAfter=No")
    + line(2, "do", "AUX")
    + line(3, "n't", "PART")
    + line(4, ",", "PUNCT")
    + line("4.1", "empty", "VERB")
    + line("5-6", "café's")
    + line(5, "café", "NOUN")
    + line(6, "'s", "PART")
    + "\n"
)


def spans(example):
    raw = example.text.encode()
    return [(s.label, raw[s.start : s.end].decode()) for s in example.spans]


def test_words_that_meet_inside_letters_share_a_span(write, read):
    (example,) = read("conllu", write("d.conllu", DONT))
    assert example.text == "I don't, café's "
    assert spans(example) == [
        ("PRON", "I"),
        ("AUX+PART", "don't"),
        ("PUNCT", ","),
        ("NOUN", "café"),
        ("PART", "'s"),
    ]
    assert example.source.endswith("d.conllu:1") and example.intent is None


def test_words_with_spaces_are_one_span_each(write, read):
    (example,) = read("conllu", write("d.conllu", DONT), spacing="words")
    assert example.text == "I do n't , café 's"
    assert [label for label, _ in spans(example)] == [
        "PRON", "AUX", "PART", "PUNCT", "NOUN", "PART",
    ]  # fmt: skip


def test_another_column_and_a_word_without_a_label(write, read):
    (example,) = read("conllu", write("d.conllu", DONT), label="xpos")
    assert spans(example) == [("PRP", "I")]


def test_without_a_text_the_notes_on_spaces_make_it(write, read):
    content = DONT.replace("# text = I don't, café's \n", "")
    (example,) = read("conllu", write("d.conllu", content))
    assert example.text == "I don't, café's"


def test_a_multiword_token_that_its_words_do_not_spell_is_one_span(write, read):
    content = "# text = du\n" + line("1-2", "du") + line(1, "de", "ADP") + line(2, "le", "DET")
    (example,) = read("conllu", write("d.conllu", content))
    assert spans(example) == [("ADP+DET", "du")]


def test_a_word_may_hold_a_space_and_the_text_may_have_several(write, read):
    content = "# text = a  1 000  b\n" + "".join(
        line(i, form, "X") for i, form in enumerate(["a", "1 000", "b"], 1)
    )
    (example,) = read("conllu", write("d.conllu", content))
    assert [form for _, form in spans(example)] == ["a", "1 000", "b"]


GOOD = "# text = go\n" + line(1, "go", "VERB") + "\n"


@pytest.mark.parametrize(
    ("content", "number", "words"),
    [
        ("1\tgo\tVERB\n", 4, "3 columns where CoNLL-U has 10"),
        (line("x", "go", "VERB"), 4, "'x' is no word number"),
        (line(2, "go", "VERB"), 4, "the number 2 follows 0"),
        (line(1, "", "VERB"), 4, "the word is empty"),
        (line("2-1", "go"), 4, "the number 2-1 follows 0"),
        (line("1-3", "go") + line(1, "g", "X") + line("2-3", "o"), 6, "the number 2-3 follows 1"),
        (line("1-3", "go") + line(1, "go", "X"), 4, "ends at word 3, but the sentence has 1"),
        ("# text = went\n" + line(1, "go", "VERB"), 5, "is not what stands next in `# text`"),
        ("# text = go home\n" + line(1, "go", "VERB"), 5, "goes on after the last word"),
        ("# text = go\n\n", 4, "the sentence has no words"),
        (b"1\t\xff\n", 4, "not UTF-8"),
    ],
)
def test_a_bad_line_is_named_or_its_sentence_skipped(write, read, caplog, content, number, words):
    raw = content if isinstance(content, bytes) else content.encode()
    path = write("d.conllu", GOOD.encode() + raw)
    with pytest.raises(EdgetextError) as caught:
        read("conllu", path)
    assert str(caught.value).startswith(f"{path}:{number}: ") and words in str(caught.value)
    assert len(read("conllu", path, on_error="skip")) == 1
    assert "1 line skipped" in caplog.text
