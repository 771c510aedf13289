"""Searches over the tiny recipe of one epoch or two."""

import pytest

from edgetext.hyperparameters.job import job_of

SMALL = ("training.epochs=2", "encoder={type: bag, embedding: 16, hidden: 16}")
WORDS = ("training.learning_rate=log:0.001..0.05", "encoder.hidden=16|24")


@pytest.fixture
def job(data, tmp_path):
    """job(**fields) -> a Job in the folder `search`."""

    def make(words=WORDS, overrides=SMALL, folder=tmp_path / "search", **fields):
        path = str(data / "classify.yaml")
        return job_of(path, overrides, folder, None, words, **{"trials": 2, **fields})

    return make
