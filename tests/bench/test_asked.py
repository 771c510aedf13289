"""The texts that contenders are asked."""

from dataclasses import replace

from edgetext.data.example import Example
from edgetext_bench import plan as plans
from edgetext_bench.asked import PROFILED_BYTES, Asked
from edgetext_bench.rows import AS_IS

EXAMPLES = [Example(f"text number {i} of some", "a", (), f"f:{i}") for i in range(20)]
PLAN = replace(plans.quick(1), timed_texts=6, quality_texts=5, noise_texts=4)


def test_the_same_plan_draws_the_same_texts():
    first, again = (Asked(EXAMPLES, PLAN) for _ in range(2))
    assert first.calls(4, AS_IS) == again.calls(4, AS_IS)
    assert first.judged() == again.judged()
    assert [len(x) for x in (first.judged(), first.disturbed(), first.counted())] == [5, 4, 6]
    assert len(Asked(EXAMPLES, replace(PLAN, quality_texts=None)).judged()) == 20


def test_a_call_has_as_many_texts_as_the_batch_even_where_there_are_fewer():
    asked = Asked(EXAMPLES, PLAN)
    assert [len(call) for call in asked.calls(1, AS_IS)] == [1] * 6
    assert [len(call) for call in asked.calls(4, AS_IS)] == [4, 4]
    assert [len(call) for call in asked.calls(16, AS_IS)] == [16]


def test_texts_of_a_length_have_that_many_bytes():
    asked = Asked(EXAMPLES, PLAN)
    assert {len(text.encode()) for (text,) in asked.calls(1, 32)} == {32}
    assert len(asked.profiled().encode()) == PROFILED_BYTES
