"""The whole of `label`: look at everything first, answer part by part, join the parts."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError, StoppedError
from edgetext.core.files import atomic_path, sha256
from edgetext.labeling import parts as folder
from edgetext.labeling.inputs import STDIN, Columns, check_files, fields_of, source_of
from edgetext.labeling.job import Job, Question
from edgetext.labeling.output import FORM, output_for
from edgetext.labeling.parts import Parts
from edgetext.labeling.processes import Part, in_processes, in_this_process
from edgetext.labeling.progress import counting
from edgetext.labeling.source import Survey
from edgetext.predictor import Predictor
from edgetext.version import __version__

_log = logger(__name__)
# Where parts are made: of a job, without those that are done, by so many workers.
Cluster = Callable[[Job, Collection[int], int], Iterator[Part]]


@dataclass(frozen=True, slots=True)
class Workers:
    """Who makes the parts. count: processes of this machine, or workers of the cluster; cluster:
    None for this machine."""

    count: int = 1
    cluster: Cluster | None = None

    def parts(self, job: Job, done: Collection[int], predictor: Predictor) -> Iterator[Part]:
        """Give the parts that are not done."""
        if self.cluster is not None:
            return self.cluster(job, done, self.count)
        if self.count > 1:
            return in_processes(job, done, self.count)
        return in_this_process(job, done, predictor)


def label(
    question: Question,
    files: Sequence[Path],
    output: Path,
    columns: Columns,
    workers: Workers,
    force: bool = False,
) -> Survey:
    """Write a file with the rows of all files and the answer to each, and tell what they hold.

    files: `-` alone is stdin, line by line. force: overwrite `output`, and delete the parts of
    another run. EdgetextError, before any text is answered, for whatever cannot be read or
    written; StoppedError for Ctrl-C. Parts that are finished stay beside `output` and are not made
    again by the same call.
    """
    format_name = _check(files, output, force)
    parts = Parts(output)
    with parts.opened():
        try:
            predictor = question.load()
            job, survey = _prepared(question, predictor, format_name, files, output, columns, parts,
                                    force)  # fmt: skip
            _answer(job, survey, parts, workers, predictor)
            _join(job, survey, parts, output)
        except KeyboardInterrupt as stop:
            count = len(parts.done())
            kept = f"{count} finished part(s) are in {parts.folder}" if count else "nothing is kept"
            raise StoppedError(f"stopped; {kept}; the same command goes on") from stop
    parts.clear()
    return survey


def _check(files: Sequence[Path], output: Path, force: bool) -> str:
    """Give the format of the files; EdgetextError where they or the output's path will not do."""
    output_for(output)
    if STDIN in files and len(files) > 1:
        raise EdgetextError("-: stdin is labeled alone; leave out the files, or `-`")
    format_name = check_files(files)
    if output.is_dir():
        raise EdgetextError(f"{output}: this is a folder; give the path of a file")
    for file in files:
        if file != STDIN and output.exists() and output.samefile(file):
            raise EdgetextError(f"{output}: it is an input, too; write to another file")
    if output.exists() and not force:
        raise EdgetextError(f"{output}: there is such a file; give another, or --force")
    return format_name


def _prepared(
    question: Question,
    predictor: Predictor,
    format_name: str,
    files: Sequence[Path],
    output: Path,
    columns: Columns,
    parts: Parts,
    force: bool,
) -> tuple[Job, Survey]:
    """Look at all that is read, and hold it to the parts that are there."""
    inputs = predictor.task.inputs
    types = question.types(predictor)
    read = [_kept_stdin(parts)] if STDIN in files else list(files)
    options = {**asdict(columns), "top": question.top, "whole": question.whole}
    options |= {"prefix": question.prefix, "runtime": predictor.runtime}
    identity = {
        "model": sha256(question.model),
        "set of input files": [format_name, *map(sha256, read)],
        "set of options": options,
        "release of edgetext": __version__,
        "form of parts": FORM,
    }
    parts.agree(identity, anew=force)
    if STDIN in files:
        read = [read[0].rename(parts.folder / folder.STDIN)]
    source = source_of(format_name, read, columns, inputs)
    fields = fields_of(source, columns, inputs)
    with counting("reading", None):
        survey = source.survey(fields)
    taken = [name for name in types if name in survey.columns]
    if taken:
        raise EdgetextError(
            f"{files[0]}: there is a column {taken[0]} already, which an answer has, too; give "
            "--prefix, as in --prefix predicted_"
        )
    return Job(question, source, fields, output_for(output)(source, survey, types)), survey


def _kept_stdin(parts: Parts) -> Path:
    """Copy stdin into the folder of the parts, so that it can be read more than once."""
    if sys.stdin is None:
        raise EdgetextError("stdin is closed; give files")
    path = parts.folder / f".{folder.STDIN}"
    with path.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    return path


def _answer(job: Job, survey: Survey, parts: Parts, workers: Workers, predictor: Predictor) -> None:
    """Make the parts that are missing."""
    done = parts.done()
    before = sum(rows for _, rows in done.values())
    if done:
        _log.info(f"{before:,} of {survey.rows:,} texts are answered already, in {parts.folder}")
    begun = time.perf_counter()
    count = before
    with counting("labeling", survey.rows, before) as advance:
        for number, rows, content in workers.parts(job, done.keys(), predictor):
            parts.write(number, rows, content)
            advance(rows)
            count += rows
    if count != survey.rows:
        raise EdgetextError(
            f"{job.source.files[0]}: {survey.rows:,} rows were there at first and {count:,} later; "
            "give files that nobody writes to, and --force to begin anew"
        )
    seconds = time.perf_counter() - begun
    rate = f", {(count - before) / seconds:,.0f} a second" if count > before else ""
    _log.info(f"{count:,} texts{rate}")


def _join(job: Job, survey: Survey, parts: Parts, output: Path) -> None:
    """Make one file of the parts, and say what the texts were like."""
    paths = [path for path, _ in parts.done().values()]
    with (
        counting("joining", len(paths)) as advance,
        atomic_path(output) as temporary,
    ):
        job.output.join(paths, temporary, lambda: advance(1))
    if survey.nulls:
        _log.info(f"{survey.nulls:,} rows without a text have no answer")
    for name, count in survey.broken.items():
        _log.warning(f"{count:,} values of {name} are no UTF-8; their bytes are as they were")
    _log.info(f"wrote {output}")
