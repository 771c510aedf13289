"""The loss in chunks is torch's own, and so are its gradients."""

import pytest
import torch
from torch.nn.functional import cross_entropy, kl_div, linear, log_softmax, softmax

from edgetext.tasks.learners import next_piece_loss
from edgetext.tasks.learners.next_piece_loss import Pieces, Teacher, table_loss


@pytest.fixture
def tensors(monkeypatch):
    monkeypatch.setattr(next_piece_loss, "CHUNK", 4)
    torch.manual_seed(1)
    shapes = [(10, 6), (15, 6), (15,)]
    return [torch.randn(shape, requires_grad=True) for shape in shapes]


def gradients(loss, tensors):
    return [loss.detach(), *torch.autograd.grad(3 * loss, tensors)]


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_of_pieces(tensors, smoothing):
    target = torch.randint(0, 15, (10,))
    found = gradients(table_loss(*tensors, Pieces(target, smoothing)), tensors)
    wanted = cross_entropy(linear(*tensors), target, label_smoothing=smoothing)
    for a, b in zip(found, gradients(wanted, tensors), strict=True):
        torch.testing.assert_close(a, b)


def test_of_a_teacher(tensors):
    teacher = torch.randn(10, 4), torch.randn(15, 4), torch.randn(15)
    found = gradients(table_loss(*tensors, Teacher(*teacher, 2.0)), tensors)
    student, wished = linear(*tensors) / 2, linear(*teacher) / 2
    wanted = 4 * kl_div(log_softmax(student, -1), softmax(wished, -1), reduction="batchmean")
    for a, b in zip(found, gradients(wanted, tensors), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-5)


def test_of_no_rows(tensors):
    loss = table_loss(tensors[0][:0], *tensors[1:], Pieces(torch.zeros(0, dtype=torch.int64)))
    assert float(loss) == 0
