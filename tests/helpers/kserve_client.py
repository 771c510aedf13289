"""Ask a server by KServe's own clients.

It is a process of its own, because kserve and tritonclient cannot be imported together: both
register the protocol's messages under the same names.

    python kserve_client.py rest|grpc ADDRESS MODEL raw|typed TEXT...

It prints a JSON object: what is live and ready, the response's id and model, and its outputs.
"""

import asyncio
import json
import sys

import kserve
import numpy as np


def asked(model, raw, texts):
    tensor = kserve.InferInput("text", [len(texts)], "BYTES")
    if raw:
        tensor.set_data_from_numpy(np.array([x.encode() for x in texts], object), binary_data=True)
    else:
        tensor.data = texts
    return kserve.InferRequest(model, [tensor], request_id="7")


async def by_rest(address, model, request):
    client = kserve.InferenceRESTClient(kserve.RESTConfig(protocol="v2"))
    ready = [
        await client.is_server_live(address),
        await client.is_server_ready(address),
        await client.is_model_ready(address, model),
    ]
    return ready, await client.infer(address, request, model_name=model)


async def by_grpc(address, model, request):
    client = kserve.InferenceGRPCClient(address)
    ready = [
        await client.is_server_live(),
        await client.is_server_ready(),
        await client.is_model_ready(model),
    ]
    response = await client.infer(request)
    await client.close()
    return ready, response


def main(way, address, model, form, *texts):
    ask = {"rest": by_rest, "grpc": by_grpc}[way]
    ready, response = asyncio.run(ask(address, model, asked(model, form == "raw", list(texts))))
    outputs = {output.name: output.as_numpy().tolist() for output in response.outputs}
    answer = {"ready": ready, "id": response.id, "model": response.model_name, "outputs": outputs}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
