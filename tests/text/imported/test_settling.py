"""Steps are taken as often as a text needs."""

import torch

from edgetext.text.imported.settling import in_turn, settled


def halved(value, other, least):
    return torch.maximum(value // 2, least), other + 1


def test_steps_end_where_one_changes_nothing():
    start = (torch.tensor([40, 3]), torch.tensor([0]))
    last, steps = settled(halved, start, (torch.tensor([1, 1]),))
    assert last.tolist() == [1, 1]
    # 40, 20, 10, 5, 2, 1 and the step that leaves it so.
    assert steps.tolist() == [6]


def test_rows_are_taken_one_after_another():
    def add(total, row, by):
        return total + row * by, total.clone()

    rows = (torch.tensor([[1], [2], [3]]),)
    last, before = in_turn(add, torch.tensor([10]), rows, (torch.tensor([2]),))
    assert last.tolist() == [22]
    assert before.tolist() == [[10], [12], [16]]
