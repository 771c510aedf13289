"""Each task over HTTP, on tiny models of all of them."""

import pytest
from every_task import MODELS, TEXTS, exported, trained_in


def without_units(value):
    if isinstance(value, dict):
        return {k: without_units(v) for k, v in value.items() if not k.startswith("utf16_")}
    return list(map(without_units, value)) if isinstance(value, list) else value


@pytest.mark.slow
@pytest.mark.parametrize("name", ["multi", *MODELS])
def test_answers_are_those_of_predict(serve, models, name):
    folder = models / "every-task"
    client = serve(f"{exported(trained_in(folder, name), folder / f'{name}.onnx')}={name}")
    served = client.served[name]
    pairs = [
        [x.decode("utf-8", "replace") if isinstance(x, bytes) else x for x in p] for p in TEXTS
    ]
    asked = [pair[: len(served.inputs)] for pair in pairs]
    response = client.post("/v1/predict", json={"texts": asked, "top": 2})
    for one, found in zip(asked, response.json()["answers"], strict=True):
        answer = served.predictor.predict(*one).as_json(
            one[0].encode(), 2, *(part.encode() for part in one[1:])
        )
        assert without_units(found) == answer
    inputs = [
        {"name": tensor, "datatype": "BYTES", "shape": [len(asked)], "data": list(texts)}
        for tensor, texts in zip(served.inputs, zip(*asked, strict=True), strict=True)
    ]
    outputs = client.post(f"/v2/models/{name}/infer", json={"inputs": inputs}).json()["outputs"]
    shapes = {row["name"]: row["shape"] for row in outputs}
    assert list(shapes) == list(served.outputs) and shapes["truncated"] == [len(asked)]
    for row in client.get(f"/v2/models/{name}").json()["outputs"]:
        assert len(row["shape"]) <= 3
