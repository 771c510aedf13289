"""Trainings of `compress` that are made up."""

import json
from dataclasses import dataclass, field

from edgetext.search.measure import FileCost
from edgetext.search.space import Space
from edgetext.training.loop import TrainingInterruptedError
from edgetext.training.splits import Splits

SIZES = {"float32": 4, "int8": 1, "int4 embedding": 0.75, "int4": 0.5}


@dataclass
class MadeUp:
    """A maker whose wider networks are better, larger and slower; nothing is trained.

    stop_after: trainings until Ctrl-C comes. exports: the choices whose files were written.
    """

    space: Space
    stop_after: int = 10_000
    suffixes: tuple = (".onnx",)
    splits: Splits = field(default_factory=lambda: Splits([], [], [], None, 1))
    trained_choices: list = field(default_factory=list)
    exports: list = field(default_factory=list)

    def untrained(self, choice, path):
        self._files(choice, path)
        return path

    def trained(self, choice, path, epochs=None, after_epoch=lambda *_: None):
        if path.exists():
            return path
        if len(self.trained_choices) == self.stop_after:
            raise TrainingInterruptedError("stopped")
        self.trained_choices.append(choice)
        for epoch in range(1, (epochs or 8) + 1):
            after_epoch(epoch, {"accuracy": self._accuracy(choice) - 0.1 / epoch})
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("checkpoint")
        return path

    def stored(self, choice, trained, path, epochs=None):
        return self._files(choice, path)[".onnx"]

    def exported(self, checkpoint):
        self.exports.append(json.loads(checkpoint.read_text()))
        return {".onnx": checkpoint}

    def _files(self, choice, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.with_suffix(".onnx")
        path.write_text("checkpoint")
        file.write_text(json.dumps(choice))
        return {".onnx": file}

    @staticmethod
    def _accuracy(choice):
        loss = 0.01 if choice["precision"].startswith("int4") else 0
        return 0.8 + choice.get("hidden", 16) / 400 - loss

    @classmethod
    def cost(cls, path, examples, turns, names=(), *, answered=True):
        choice = json.loads(path.read_text())
        metrics = {"accuracy": cls._accuracy(choice)} if answered else {}
        return FileCost(cls.size(choice), choice.get("hidden", 16) / 100, metrics)

    @classmethod
    def weight(cls, checkpoint):
        return cls.size(json.loads(checkpoint.with_suffix(".onnx").read_text())) - 100

    @staticmethod
    def size(choice):
        return round(choice.get("hidden", 16) * 1000 * SIZES[choice["precision"]])
