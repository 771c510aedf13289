"""The text files of the built-in data set: what a line may be, and how a wrong one is refused."""

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.data.assistant.grammar import Grammar, load, read_patterns, read_values


def test_sections_comments_and_short_names():
    text = (
        "# A comment.\n\nDATE = ({date}|on {day})\n\nalarm: seen\n  wake me DATE\n"
        "  # Another one.\n  up [at {time}]\n\nalarm: unseen\n  get <day> up {when:date}\n"
    )
    assert read_patterns(text, "p.txt", {"date", "day", "time"}) == Grammar(
        seen={"alarm": ["wake me ({date}|on {day})", "up [at {time}]"]},
        unseen={"alarm": ["get <day> up {when:date}"]},
    )
    text = "city: seen\n  Bern | São Paulo\n  Oslo\ncity: unseen\n  Rome\n"
    assert read_values(text, "v.txt") == Grammar(
        seen={"city": ["Bern", "São Paulo", "Oslo"]}, unseen={"city": ["Rome"]}
    )


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("  at [{time}", r"p\.txt:3: `\[` stands alone"),
        ("  at {time}]", r"p\.txt:3: `\]` stands alone"),
        ("  at (noon|{time}", r"p\.txt:3: `\(` stands alone"),
        ("  at [noon|{time}]", r"p\.txt:3: `\[` stands alone"),
        ("  at noon|{time}", r"p\.txt:3: `\|` stands alone"),
        ("  at {time", r"p\.txt:3: `\{` stands alone"),
        ("  at time>", r"p\.txt:3: `>` stands alone"),
        ("  at <tiem>", r"p\.txt:3: no values are named tiem; correct the name"),
        ("  at {tiem}", r"p\.txt:3: no values are named tiem; correct the name"),
        ("  at {time:tiem}", r"p\.txt:3: no values are named tiem; correct the name"),
        ("at {time}", r"p\.txt:3: 'at \{time\}' is in no section; write `NAME: seen`"),
        ("alarm: known", r"p\.txt:3: 'alarm: known' is in no section"),
        ("alarm: seen", r"p\.txt:3: there is a section alarm: seen already; join the two"),
        ("", r"p\.txt:3: no line of alarm: unseen; add some"),
    ],
)
def test_a_malformed_pattern_is_refused_with_its_line(line, error):
    with pytest.raises(EdgetextError, match=error):
        read_patterns(f"alarm: seen\n  at {{time}}\n{line}\n", "p.txt", {"time"})


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("  Oslo |", r"v\.txt:3: there is no value beside a `\|`"),
        ("  Oslo | | Rome", r"v\.txt:3: there is no value beside a `\|`"),
        ("  Oslo | Bern", r"v\.txt:3: city has Bern already; remove it here"),
        ("city: unseen\n  Bern", r"v\.txt:4: city has Bern already; remove it here"),
        ("city: unseen", r"v\.txt:3: no line of city: unseen; add some"),
        ("Oslo | Rome", r"v\.txt:3: 'Oslo \| Rome' is in no section"),
    ],
)
def test_a_malformed_value_is_refused_with_its_line(line, error):
    with pytest.raises(EdgetextError, match=error):
        read_values(f"city: seen\n  Bern\n{line}\n", "v.txt")


def test_a_line_above_the_first_section_is_refused():
    with pytest.raises(EdgetextError, match=r"v\.txt:1: 'Bern' is in no section"):
        read_values("  Bern\n", "v.txt")


def test_the_files_that_are_shipped_can_be_read():
    patterns, values = load()
    assert patterns.seen.keys() == patterns.unseen.keys()
    assert values.seen.keys() == values.unseen.keys()
