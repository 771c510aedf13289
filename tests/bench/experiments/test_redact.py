"""How answers are counted beside Presidio and spaCy."""

import subprocess
import sys

from edgetext.data.example import Example, Span
from edgetext_bench.experiments.redact import PEERS, Tally, covered, exact, run, table

SPANS = (Span("PERSON", 0, 4), Span("PHONE", 9, 10))
EXAMPLES = [
    Example("Anna, é 1", None, SPANS, "pii:test:chat:en-US:1"),
    Example("Ben", None, (Span("PERSON", 0, 3),), "pii:test:chat:de-DE:2"),
    Example("nobody", None, (), "pii:test:none:en-GB:3"),
]


class Given:
    def __init__(self, answers, together=1):
        self.answers, self.together = answers, together

    def answer(self, texts):
        assert len(texts) <= self.together
        return [self.answers.get(text, []) for text in texts], 2.0


def test_exact_and_covered():
    answers = [[("PERSON", 0, 4), ("URL", 6, 10)], [("PHONE", 0, 3)], [("PERSON", 0, 6)]]
    precision, recall, f1 = exact(EXAMPLES, answers)
    assert (precision, recall) == (25, 100 / 3) and round(f1, 1) == 28.6
    assert exact(EXAMPLES, answers, ["PERSON"])[:2] == (50, 50)
    assert covered(EXAMPLES, answers) == 100
    assert covered(EXAMPLES, [[("PERSON", 0, 3)], [], []]) == 0
    assert exact(EXAMPLES, [[], [], []]) == (0, 0, 0)


def test_everyone_is_asked_each_text_and_compared_with_the_slowest_of_its_way():
    quick, slow = Given({"Ben": [("PERSON", 0, 3)]}), Given({})
    tallies = run({"quick": quick, "slow": slow, "slow (many)": Given({}, 3)}, EXAMPLES)
    assert [len(tally.spans) for tally in tallies.values()] == [3, 3, 3]
    assert [tally.times for tally in tallies.values()] == [[2.0] * 3, [2.0] * 3, [2.0]]
    tallies["slow"] = Tally(tallies["slow"].spans, [100.0] * 3)
    head, first, second, third = table(EXAMPLES, tallies).splitlines()
    assert head.split()[0] == "who"
    assert first.split()[-2:] == ["2.000", "50.0"] and second.split()[-2:] == ["100.000", "1.0"]
    assert third.split()[-2:] == ["0.667", "1.0"]


def test_the_peers_script_needs_nothing_of_edgetext():
    program = f"import runpy, sys; sys.modules['edgetext'] = None; runpy.run_path({str(PEERS)!r})"
    subprocess.run([sys.executable, "-c", program], check=True)
