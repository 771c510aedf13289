"""Where sentences begin, against SciTLDR's own split of 3,229 abstracts."""

import os
from pathlib import Path

import pytest

from edgetext.data.guess import Guess
from edgetext.tasks.learner import learner_of
from edgetext.tasks.words import word_bounds
from edgetext.text.vocabulary import Vocabulary

pytestmark = pytest.mark.realdata
DATA = Path(os.environ.get("EDGETEXT_DATA", Path(__file__).parents[3] / "shared" / "data"))
FOLDER = DATA / "scitldr_abstract"


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the data is not there")
def test_nearly_every_sentence_that_ends_as_one_is_found():
    """The data also begins sentences after line breaks within them, a tenth of its starts; the rule
    does not, so only what follows final punctuation counts as gold for recall."""
    reader = Guess("summaries").reader()
    vocabulary = Vocabulary.train(["a"], size=50)  # words do not depend on the pieces
    right = found = reached = ended = 0
    for split in ("train", "dev", "test"):
        for example in reader.read(FOLDER / f"{split}.jsonl.gz", split):
            raw = example.text.encode()
            starts = word_bounds(learner_of("summarize").encode(example, vocabulary, 8192))[0]
            own = set(starts.tolist()[1:])
            gold = {s.start for s in example.sentences[1:]}
            after_stop = {at for at in gold if raw[at - 2 : at - 1] in (b".", b"!", b"?")}
            right, found = right + len(own & gold), found + len(own)
            reached, ended = reached + len(own & after_stop), ended + len(after_stop)
    assert right > 0.993 * found and reached > 0.996 * ended, (right, found, reached, ended)
