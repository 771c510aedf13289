"""2:4 sparsity: of every four weights in a row the two larger stay."""

import torch

from edgetext.model.checkpoint import Checkpoint
from edgetext.model.header import Header
from edgetext_bench.experiments.zeros import sparse, two_of_four


def test_the_two_larger_of_four_stay():
    weight = torch.tensor([[1.0, -3.0, 2.0, 0.5, 0.1, 0.2, -0.4, 0.3]])
    wanted = torch.tensor([[0, -3.0, 2.0, 0, 0, 0, -0.4, 0.3]])
    assert torch.equal(two_of_four(weight), wanted)


def test_matrices_are_thinned_and_the_embedding_is_not():
    tensors = {"embedding.weight": torch.ones(5, 8), "head.intent.weight": torch.ones(3, 8)}
    header = Header(task="classify", name="tiny", recipe={}, vocabulary={}, labels={}, max_bytes=64)
    made = sparse(Checkpoint(header, tensors))
    assert made.tensors["embedding.weight"].count_nonzero() == 40
    assert made.tensors["head.intent.weight"].count_nonzero() == 12
