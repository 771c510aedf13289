"""What survives a restart: one SQLite file, which one process writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from pydantic_core import from_json, to_json

from edgetext.core.errors import EdgetextError
from edgetext.core.files import alone_in
from edgetext.serving.live.remembered import Remembered

FILE = "evaluation.sqlite"
FORM = 1  # of the tables; another one is not read
_TABLES = f"""
CREATE TABLE IF NOT EXISTS models (name TEXT PRIMARY KEY, pair TEXT, tally TEXT) STRICT;
CREATE TABLE IF NOT EXISTS answers (id TEXT PRIMARY KEY, time REAL, record BLOB) STRICT;
CREATE INDEX IF NOT EXISTS by_time ON answers (time);
CREATE TABLE IF NOT EXISTS texts (number INTEGER PRIMARY KEY, model TEXT, content TEXT) STRICT;
PRAGMA user_version = {FORM};
"""
# Texts that are kept of each model.
TEXTS = 1000


class State:
    """A folder with what is known of some models.

    pairs: what is compared by each name, as JSON values. A folder that has other models, one that
    cannot be written, or one that another process writes is an EdgetextError.
    """

    def __init__(self, folder: Path, pairs: Mapping[str, Mapping[str, Any]]) -> None:
        self.folder = folder
        self._lock = ExitStack()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock.enter_context(alone_in(folder))
            self.connection = sqlite3.connect(folder / FILE, timeout=0.5, isolation_level=None)
            self.connection.execute("PRAGMA journal_mode = WAL")
            self.connection.execute("PRAGMA synchronous = NORMAL")
            form = self.connection.execute("PRAGMA user_version").fetchone()[0]
            if form not in (0, FORM):
                raise EdgetextError(
                    f"{folder}: --state was written by another edgetext (form {form}, here "
                    f"{FORM}); give another folder"
                )
            self.connection.executescript(_TABLES)
            self._check_pairs(pairs)
        except EdgetextError as error:
            self._lock.close()
            if "another process" in str(error):
                error = EdgetextError(
                    f"{folder}: another server keeps its --state there; give another folder"
                )
            raise error from None
        except (OSError, sqlite3.Error) as error:
            self._lock.close()
            raise EdgetextError(
                f"{folder}: --state cannot be kept there ({error}); give another folder, "
                "which can be written"
            ) from error

    def tallies(self) -> dict[str, Any]:
        """Give the stored tallies by model."""
        rows = self.connection.execute("SELECT name, tally FROM models WHERE tally IS NOT NULL")
        return {name: from_json(tally) for name, tally in rows}

    def answers(self, most: int) -> list[tuple[str, float, bytes]]:
        """Give the newest answers, the oldest of them first."""
        newest = "SELECT id, time, record FROM answers ORDER BY time DESC LIMIT ?"
        return self.connection.execute(newest, (most,)).fetchall()[::-1]

    def texts(self, model: str) -> list[Any]:
        """Give the texts that are kept of a model, the newest first."""
        newest = "SELECT content FROM texts WHERE model = ? ORDER BY number DESC LIMIT ?"
        return [from_json(x) for (x,) in self.connection.execute(newest, (model, TEXTS))]

    def save(
        self,
        tallies: Mapping[str, Mapping[str, Any]],
        remembered: Remembered,
        texts: Iterable[tuple[str, Any]],
        oldest: float | None,
    ) -> None:
        """Write all of it, or nothing; texts: new ones, with their model; oldest: the time of the
        oldest answer that stays, None where none goes. sqlite3.Error where it cannot be written."""
        with self._transaction() as run:
            run.executemany(
                "UPDATE models SET tally = ? WHERE name = ?",
                [(to_json(tally).decode(), name) for name, tally in tallies.items()],
            )
            run.executemany(
                "INSERT INTO answers VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                "time = excluded.time, record = excluded.record",
                remembered.unstored(),
            )
            run.executemany(
                "INSERT INTO texts (model, content) VALUES (?, ?)",
                [(model, to_json(content).decode()) for model, content in texts],
            )
            run.execute(
                "DELETE FROM texts WHERE number <= (SELECT max(number) FROM texts) - ?",
                (TEXTS * max(1, len(tallies)),),
            )
            if oldest is not None:
                self._forget(oldest, remembered.most)

    def _forget(self, oldest: float, most: int) -> None:
        self.connection.execute("DELETE FROM answers WHERE time < ?", (oldest,))
        self.connection.execute(
            "DELETE FROM answers WHERE time < (SELECT time FROM answers ORDER BY time DESC LIMIT 1 "
            "OFFSET ?)",
            (most,),
        )

    def close(self) -> None:
        """Give the folder free."""
        self.connection.close()
        self._lock.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Do what the block does, or nothing of it."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
            self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    def _check_pairs(self, pairs: Mapping[str, Mapping[str, Any]]) -> None:
        """Store what is compared; EdgetextError where the folder has something else."""
        rows = self.connection.execute("SELECT name, pair FROM models").fetchall()
        stored = {name: from_json(pair) for name, pair in rows}
        if stored and stored != dict(pairs):
            words = [
                "; ".join(f"{name}: {_in_words(x[name])}" for name in sorted(x))
                for x in (stored, pairs)
            ]
            raise EdgetextError(
                f"{self.folder}: --state is about other models ({words[0]}) than this server "
                f"({words[1]}); give another folder"
            )
        if not stored:
            with self._transaction() as run:
                run.executemany(
                    "INSERT INTO models VALUES (?, ?, NULL)",
                    [(name, to_json(pair).decode()) for name, pair in pairs.items()],
                )


def _in_words(pair: Mapping[str, Any]) -> str:
    serving = f"version {pair['serving']}"
    if pair["kind"] is None:
        return serving
    return f"{serving} with the {pair['kind']} {pair['candidate']}"
