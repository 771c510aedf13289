"""The head of one tag a piece, and what its recipe adds to the score of no span."""

import torch

from edgetext.models.heads.tag import TagHead

LABELS = {"tags": ["O", "B-x", "I-x"]}


def head(**fields):
    torch.manual_seed(0)
    return TagHead(TagHead.Config(hidden=4, dropout=0, **fields), 5, LABELS)


def test_outside_shifts_the_first_score_once_training_is_over():
    x = torch.randn(2, 3, 5)
    plain, shifted = head().eval(), head(outside=-1.5).eval()
    difference = shifted(x)["tags"] - plain(x)["tags"]
    torch.testing.assert_close(difference, torch.tensor([-1.5, 0, 0]).expand(2, 3, 3))
    torch.testing.assert_close(shifted.train()(x)["tags"], plain(x)["tags"])


def test_checkpoints_hold_no_more_than_before():
    assert head(outside=-1.5).state_dict().keys() == head().state_dict().keys()
    assert TagHead.Config().model_dump().keys() == {"hidden", "dropout"}
