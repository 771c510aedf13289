"""What is known of the models of a server, and what each message of a worker adds to it."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from edgetext.serving.exchange import RefusalError
from edgetext.serving.live.canary import broken
from edgetext.serving.live.comparison import compare
from edgetext.serving.live.drift import Drift
from edgetext.serving.live.feedback import check, rights
from edgetext.serving.live.figures import model_figures
from edgetext.serving.live.pairs import CANARY, Pair, load_pairs
from edgetext.serving.live.reference import read_reference
from edgetext.serving.live.remembered import Entry, Remembered
from edgetext.serving.live.settings import LiveSettings
from edgetext.serving.live.state import State
from edgetext.serving.live.tally import ARMS, CANDIDATE, SERVING, Tally
from edgetext.serving.notes import note
from edgetext.serving.settings import Settings
from edgetext.tasks.prediction import Prediction

# Texts that may wait for the other model.
WAITING = 2048
# Kept texts that are shown.
SHOWN = 50
# Seconds between two tests of drift, which take some milliseconds.
DRIFT = 5.0
# Seconds between two times that old answers are forgotten.
FORGET = 60.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A text that the other model is to be asked. index: its place in the request; arm: who has
    answered it, when and with which row."""

    model: str
    request_id: str
    index: int
    text: tuple[bytes, ...]
    arm: str
    when: float
    row: dict[str, Any]


class Judging:
    """Counts of all models. pending: texts that wait for the other model."""

    def __init__(self, settings: Settings, live: LiveSettings) -> None:
        self.live = live
        self.pairs = load_pairs(settings, live)
        references = read_reference(live.reference, list(self.pairs)) if live.reference else {}
        self.tallies = {
            name: Tally({arm: Drift(live.window, references.get((name, arm))) for arm in ARMS})
            for name in self.pairs
        }
        self.remembered = Remembered(live.remembered, live.hours)
        self.pending: deque[Asked] = deque()
        self.state_errors = 0
        self._forget_due = 0.0
        # Whether something came since the figures were told last, and since drift was.
        self._news = self._drift_news = True
        self._texts: dict[str, deque[Any]] = {x: deque(maxlen=SHOWN) for x in self.pairs}
        self._new_texts: deque[tuple[str, Any]] = deque(maxlen=WAITING)
        self._drift: dict[str, Any] = {}
        self._drift_due = 0.0
        # Even where nothing is to outlive the server, it must outlive this process: a canary that
        # has ended stays so.
        folder = live.state or live.run / "state"
        self._state = State(folder, {x: pair.what() for x, pair in self.pairs.items()})
        self._restore(self._state)

    def _restore(self, state: State) -> None:
        for name, tally in state.tallies().items():
            self.tallies[name].restore(tally)
        for row in state.answers(self.remembered.most):
            self.remembered.restore(*row)
        for name, texts in self._texts.items():
            texts.extendleft(reversed(state.texts(name)[:SHOWN]))

    def close(self) -> None:
        """Give the state's folder free."""
        self._state.close()

    def open_canaries(self) -> list[str]:
        """Give the names whose canary goes on."""
        return [
            name
            for name, pair in self.pairs.items()
            if pair.kind == CANARY and not self.tallies[name].returned
        ]

    def take(self, items: Sequence[Any], now: float) -> Iterator[dict[str, Any]]:
        """Take the parts of a message (`sending.Sender`), and yield what the worker is answered."""
        self._news = self._drift_news = True
        for kind, *fields in items:
            if kind == "answer":
                self._answered(*fields)
            elif kind == "times":
                self._timed(*fields)
            elif kind == "lost":
                name, dropped, skipped = fields
                self.tallies[name].dropped += dropped
                self.tallies[name].skipped += skipped
            elif kind == "feedback":
                number, feedback = fields
                try:
                    yield {"reply": number, "status": 200, "body": self._feedback(feedback, now)}
                except RefusalError as error:
                    yield {"reply": number, "status": error.status, "error": error.sentence}

    def _answered(
        self,
        name: str,
        request_id: str,
        arm: str,
        when: float,
        rows: Sequence[dict[str, Any]],
        texts: Sequence[Sequence[str]] | None,
    ) -> None:
        """Remember an answer; texts: those that the other model is to be asked, in Latin-1."""
        place = ARMS.index(arm)
        entries: list[Entry] = [[None, None, None] for _ in rows]
        for entry, row in zip(entries, rows, strict=True):
            entry[place] = row
            self.tallies[name].drift[arm].add(self._read(name, arm, row))
        record = {"model": name, "arm": arm, "when": when, "texts": entries}
        self.remembered.put(request_id, when, record)
        for index, parts in enumerate(texts or ()):
            if len(self.pending) >= WAITING:
                self.tallies[name].dropped += 1
                continue
            text = tuple(part.encode("latin-1") for part in parts)
            self.pending.append(Asked(name, request_id, index, text, arm, when, rows[index]))

    def _read(self, name: str, arm: str, row: dict[str, Any]) -> Prediction:
        """Read an answer as the arm's model wrote it: its labels may stand in an order of their
        own."""
        pair = self.pairs[name]
        predictor = pair.serving if arm == SERVING or pair.candidate is None else pair.candidate
        answer: Prediction = predictor.task.from_row(row, predictor.metadata.labels)
        return answer

    def _timed(
        self, name: str, arm: str, requests: int, failed: int, histogram: Sequence[tuple[int, int]]
    ) -> None:
        counts = self.tallies[name].arms[arm]
        counts.requests += requests
        counts.failed += failed
        counts.histogram.update(dict(histogram))

    def judge_one(self, now: float) -> None:
        """Ask the other model the text that waits longest, and compare."""
        if not self.pending:
            return
        asked = self.pending.popleft()
        self._news = self._drift_news = True
        pair, tally = self.pairs[asked.model], self.tallies[asked.model]
        try:
            other, times = pair.ask(asked.text, asked.arm == CANDIDATE)
        except Exception as error:
            if not tally.failed:
                note(f"edgetext: the other model of {pair.name} failed; this is counted: {error!r}")
            tally.failed += 1
            return
        if times is not None:
            tally.time(*times)
        self._compare(pair, asked, other, now)

    def _compare(self, pair: Pair, asked: Asked, other: Prediction, now: float) -> None:
        """Count both models' answers to a text."""
        tally, second = self.tallies[pair.name], ARMS[1 - ARMS.index(asked.arm)]
        model = pair.serving if pair.candidate is None or second == SERVING else pair.candidate
        rows = {asked.arm: asked.row, second: model.task.to_row(other, model.metadata.labels)}
        # Compared as both were written down: rounded alike.
        answers = [self._read(pair.name, arm, rows[arm]) for arm in ARMS]
        tally.drift[second].add(answers[ARMS.index(second)])
        comparison = compare(pair.serving.task, pair.serving.metadata.labels, *answers)
        tally.compare(comparison, now)
        self._remember(asked, second, rows[second], now)
        if comparison.pairs and self.live.keep_text:
            shown = [part.decode("utf-8", "replace") for part in asked.text]
            lines = [answer.as_line(asked.text[-1]) for answer in answers]
            kept = {"time": round(now, 3), "text": shown, **dict(zip(ARMS, lines, strict=True))}
            self._texts[pair.name].appendleft(kept)
            self._new_texts.append((pair.name, kept))

    def _remember(self, asked: Asked, arm: str, row: dict[str, Any], now: float) -> None:
        """Put the other model's answer beside the one that was given, and judge it where there is
        feedback already."""
        record = self.remembered.get(asked.request_id, now)
        # A client may have asked something else by the same id.
        if record is None or (record["model"], record["when"]) != (asked.model, asked.when):
            return
        tally = self.tallies[asked.model]
        tally.judge(self._rights(record, asked.index), -1)
        record["texts"][asked.index][ARMS.index(arm)] = row
        tally.judge(self._rights(record, asked.index))
        self.remembered.update(asked.request_id, record)

    def _rights(self, record: dict[str, Any], index: int) -> list[dict[str, bool] | None]:
        """Tell of both arms what they had right of a text, None where that is not known."""
        entry = record["texts"][index]
        feedback = entry[2]
        each: list[dict[str, bool] | None] = [None, None]
        for place, arm in enumerate(ARMS):
            if feedback is not None and entry[place] is not None:
                answer = self._read(record["model"], arm, entry[place])
                each[place] = rights(feedback, answer, arm == record["arm"]) or None
        return each

    def _feedback(self, feedback: dict[str, Any], now: float) -> dict[str, Any]:
        """Join feedback with what was answered; RefusalError where it cannot be."""
        request_id = feedback["id"]
        record = self.remembered.get(request_id, now)
        if record is None:
            raise RefusalError(
                HTTPStatus.NOT_FOUND,
                "id: no answer to a request of that id is remembered; send the X-Request-Id of an "
                f"answer of the last {self.live.hours:g} hours",
            )
        count = len(record["texts"])
        index = feedback.get("index", 0 if count == 1 else -1)
        if not 0 <= index < count:
            raise RefusalError(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                f"index: the request had {count} text(s); say which, from 0 to {count - 1}",
            )
        name, arm = record["model"], record["arm"]
        entry = record["texts"][index]
        pair = self.pairs[name]
        answer = self._read(name, arm, entry[ARMS.index(arm)])
        check(feedback, answer, pair.serving.metadata.labels)
        tally = self.tallies[name]
        tally.judge(self._rights(record, index), -1)
        entry[2] = {k: v for k, v in feedback.items() if k not in ("id", "index")}
        each = self._rights(record, index)
        tally.judge(each)
        self.remembered.update(request_id, record)
        right = {
            arm: None if x is None else all(x.values()) for arm, x in zip(ARMS, each, strict=True)
        }
        return {"model": name, "answered": arm, "right": right}

    def guard(self, now: float) -> Iterator[tuple[str, str]]:
        """Yield the names whose canary ends now, and why."""
        for name in self.open_canaries():
            tally = self.tallies[name]
            if why := broken(self.live.guards, tally):
                tally.returned, tally.returned_at = why, now
                self._news = True
                yield name, why

    def has_news(self, now: float) -> bool:
        """Tell whether `figures` would say something else than last time."""
        return self._news or (self._drift_news and now >= self._drift_due)

    def figures(self, now: float) -> dict[str, Any]:
        """Give what is known as JSON values."""
        self._news = False
        if now >= self._drift_due:
            self._drift_due = now + DRIFT
            self._drift_news = False
            for name, tally in self.tallies.items():
                self._drift[name] = {
                    arm: {**drift.result(), "window": drift.reference()}
                    for arm, drift in tally.drift.items()
                }
        return {
            "time": round(now, 3),
            "waiting": len(self.pending),
            "remembered": len(self.remembered),
            "state": None if self.live.state is None else str(self.live.state),
            "state_errors": self.state_errors,
            "models": {
                name: {
                    **model_figures(pair, self.tallies[name], self.live),
                    "drift": self._drift[name],
                    **({"texts": list(self._texts[name])} if self.live.keep_text else {}),
                }
                for name, pair in self.pairs.items()
            },
        }

    def save(self, now: float) -> None:
        """Store what is known; where that fails, all goes on from memory, and the next time stores
        it."""
        oldest = None
        if now >= self._forget_due:
            self._forget_due = now + FORGET
            oldest = now - self.remembered.seconds
            self.remembered.forget(now)
        texts = list(self._new_texts)
        tallies = {name: tally.as_json() for name, tally in self.tallies.items()}
        try:
            self._state.save(tallies, self.remembered, texts, oldest)
        except sqlite3.Error as error:
            self._news = True
            if not self.state_errors:
                note(
                    f"edgetext: {self._state.folder}: the state cannot be written ({error}); "
                    "answers go on, and this is counted and tried again"
                )
            self.state_errors += 1
            return
        self.remembered.changed.clear()
        self._new_texts.clear()
