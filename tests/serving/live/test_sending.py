"""What a worker sends, and that it never waits to do so."""

import asyncio
import json
import socket
import time
from types import SimpleNamespace

import pytest

from edgetext.serving.live.sending import WAITING, Answered, Sender
from edgetext.tasks.answers.labels import LabelAnswer
from edgetext.tasks.task import task_of


@pytest.fixture
def listening(tmp_path):
    """The other end, which reads nothing by itself."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(str(tmp_path / "judge"))
        listener.listen()
        listener.settimeout(10)
        yield listener


@pytest.fixture
def opened():
    return []


@pytest.fixture
def sender(listening, opened, tmp_path):
    return Sender(str(tmp_path / "judge"), lambda names: opened.append(list(names)))


def answered(text=b"caf\xe9 \xff", count=1, sampled=True):
    task = task_of("classify")
    metadata = SimpleNamespace(labels={"intent": ("a", "b"), "slots": ()})
    served = SimpleNamespace(name="m", predictor=SimpleNamespace(task=task, metadata=metadata))
    texts, results = [(text,)] * count, [LabelAnswer("b", 0.5)] * count
    size = len(text) * count
    return Answered(served, "id", "serving", 1.5, sampled, texts, results, size)


def connected(listening, sender):
    sender_end = asyncio.get_running_loop().run_in_executor(None, sender.connect)
    other, _ = listening.accept()
    other.send(b'{"open": ["m"]}')
    return sender_end, other


async def received(other):
    other.settimeout(10)
    read = asyncio.get_running_loop().run_in_executor(None, other.recv, 1 << 18)
    return json.loads(await read)


def test_an_answer_is_what_a_judge_reads():
    message = json.loads(answered().message())
    assert message[:5] == ["answer", "m", "id", "serving", 1.5]
    assert message[5] == [{"intent": 1, "score": 0.5, "spans": [], "truncated": False}]
    assert message[6][0][0].encode("latin-1") == b"caf\xe9 \xff"
    assert json.loads(answered(sampled=False).message())[6] is None


def test_answers_times_and_losses_arrive(listening, sender, opened):
    async def go():
        done, other = connected(listening, sender)
        await done
        assert opened == [["m"]]
        sender.time("m", "candidate", 0.25, True)
        sender.lose("m", dropped=3)
        sender.put(answered())
        items = await received(other)
        assert [item[0] for item in items] == ["answer", "times", "lost"]
        assert items[1][:5] == ["times", "m", "candidate", 1, 1] and items[2][2:] == [3, 0]
        other.close()

    asyncio.run(go())


def test_counts_arrive_without_an_answer(listening, sender):
    async def go():
        done, other = connected(listening, sender)
        await done
        sender.attach()
        await asyncio.sleep(0.2)  # The first turn, which finds nothing.
        sender.time("m", "candidate", 0.25, True)
        assert await received(other) == [["times", "m", "candidate", 1, 1, [[627, 1]]]]
        sender.lose("m", skipped=2)
        assert await received(other) == [["lost", "m", 0, 2]]
        other.close()

    asyncio.run(go())


def test_who_judges_may_answer_and_may_go(listening, sender, opened):
    async def go():
        done, other = connected(listening, sender)
        await done
        asked = asyncio.ensure_future(sender.ask({"id": "a"}, 10))
        ((kind, number, fields),) = await received(other)
        assert kind == "feedback" and fields == {"id": "a"}
        other.send(json.dumps({"reply": number, "status": 200}).encode())
        assert (await asked)["status"] == 200
        other.close()
        while opened[-1]:
            await asyncio.sleep(0.01)
        # Nobody judges, so that no canary goes on; then somebody does again.
        again = asyncio.get_running_loop().run_in_executor(None, listening.accept)
        other, _ = await again
        sender.put(answered())
        assert (await received(other))[0][0] == "answer"
        other.close()

    asyncio.run(go())


def test_a_question_without_an_answer_ends(listening, sender):
    async def go():
        done, other = connected(listening, sender)
        await done
        with pytest.raises(TimeoutError):
            await sender.ask({"id": "a"}, 0.05)
        other.close()

    asyncio.run(go())


def test_a_queue_that_is_full_drops_and_counts(listening, sender):
    async def go():
        done, other = connected(listening, sender)
        await done
        # Far more than the system's buffer and the queue hold; nobody reads.
        for number in range(4 * WAITING):
            sender.put(answered(b"x" * 4000))
            if number % 64 == 0:
                await asyncio.sleep(0.001)
        dropped = texts = 0
        end = time.monotonic() + 30
        while dropped + texts < 4 * WAITING and time.monotonic() < end:
            for item in await received(other):
                dropped += item[2] if item[0] == "lost" else 0
                texts += item[0] == "answer"
        assert dropped > 0 and texts >= WAITING and dropped + texts == 4 * WAITING
        other.close()

    asyncio.run(go())


def test_an_answer_that_is_too_large_is_dropped(listening, sender):
    async def go():
        done, other = connected(listening, sender)
        await done
        sender.put(answered(b"x" * 100_000))
        assert await received(other) == [["lost", "m", 1, 0]]
        other.close()

    asyncio.run(go())
