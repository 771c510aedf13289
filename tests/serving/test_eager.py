"""Coroutines that are run where they are made, up to where they first wait."""

import asyncio

import pytest

from edgetext.serving.eager import begun


def test_what_does_not_wait_is_run_at_once():
    ran = []

    async def answer():
        ran.append(1)

    assert begun(answer()) is None and ran == [1]


def test_the_rest_of_what_waits_goes_into_a_task():
    seen = []

    async def main():
        first, second = (asyncio.get_running_loop().create_future() for _ in range(2))

        async def answer():
            seen.append(await first)
            try:
                await second
            except ValueError as error:
                seen.append(str(error))
            await asyncio.sleep(0)
            seen.append("end")

        task = asyncio.create_task(begun(answer()))
        assert seen == []
        first.set_result("one")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert seen == ["one"]
        second.set_exception(ValueError("two"))
        await task

    asyncio.run(main())
    assert seen == ["one", "two", "end"]


def test_what_is_raised_comes_out():
    async def at_once():
        raise KeyError("at once")

    async def later():
        await asyncio.sleep(0)
        raise KeyError("later")

    with pytest.raises(KeyError, match="at once"):
        begun(at_once())

    async def main():
        await begun(later())

    with pytest.raises(KeyError, match="later"):
        asyncio.run(main())


def test_the_rest_can_be_cancelled():
    seen = []

    async def answer():
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            seen.append("cancelled")

    async def main():
        task = asyncio.create_task(begun(answer()))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert seen == ["cancelled"]
