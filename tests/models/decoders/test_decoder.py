"""What a decoder says of its outputs is so."""

import pytest
import torch

from edgetext.model.model import Model
from edgetext.targets.pytorch.session import PyTorchSession


@pytest.mark.parametrize("name", ["joint", "classify", "tag", "multi", "parse"])
def test_it_gives_as_many_outputs_as_it_says_with_rows_where_it_says(name, request):
    session = PyTorchSession(Model.load(request.getfixturevalue(name)))
    pipeline = session.pipeline
    *read, _ = pipeline.read(torch.tensor([list(b"book a room in Rome")], dtype=torch.uint8))
    outputs = pipeline.answer(*read[: pipeline.answer.takes])
    decoder = pipeline.answer.decoder
    assert decoder.count == len(outputs) == len(session.metadata.fields["outputs"]) - 1
    for i, output in enumerate(outputs):
        # With rows, but without the leading 1 that the pipeline adds: [S, 3] or [S, 4].
        if i in decoder.rows:
            assert output.dim() == 2 and output.shape[1] in (3, 4)
        else:
            assert output.shape[0] == 1
