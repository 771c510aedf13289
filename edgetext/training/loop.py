"""The training loop: AdamW, a schedule, averaged weights, early stopping, resuming."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import torch
from lightning_fabric import Fabric
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from torch import Tensor, nn

from edgetext.core import console
from edgetext.core.allocator import give_back, keep_large_apart
from edgetext.core.errors import EdgetextError, StoppedError
from edgetext.recipe import TrainingConfig
from edgetext.training.interrupt import held_back
from edgetext.training.kept import Kept, Pace
from edgetext.training.losses import Losses
from edgetext.training.monitors.monitor import End, Epoch, Step
from edgetext.training.monitors.together import Monitors
from edgetext.training.parameter_groups import SHARE, parameter_groups
from edgetext.training.saving import Saving
from edgetext.training.schedule import schedule_factor
from edgetext.training.sharding import judged_whole, twins, whole
from edgetext.training.state import Progressed, StateFile
from edgetext.training.team import Team

_log = console.logger(__name__)


class TrainingInterruptedError(StoppedError):
    """Ctrl-C came while training; the state to resume from, if there is one, is saved."""


class EndedEarlyError(Exception):
    """An AfterEpoch has seen enough: what a monitor is told of is a run that was stopped."""


BeforeEpoch = Callable[[int, nn.Module, Mapping[str, float]], None]
AfterEpoch = Callable[[int, dict[str, float]], None]


def ignore(epoch: int, *rest: object) -> None:
    """A BeforeEpoch and an AfterEpoch that does nothing."""


class Movable(Protocol):
    """A batch: whatever the objective takes, if it can go to a device."""

    def to(self, device: torch.device) -> Any: ...


@dataclass(slots=True)
class Job:
    """What `fit` runs.

    objective: a module that maps a batch to a scalar loss; its parameters are optimised.
    network: the part of the objective that is kept and validated.
    batches: epoch number (0-based), how many are done already -> the others of that epoch; they
        must depend on the numbers alone, so that a resumed run sees the same batches. steps:
        batches in an epoch.
    validate: network -> metrics; monitor: which of them early stopping maximises ("-loss":
        minimises), later ones deciding between equals. fallback: those that decide while these are
        the same in every epoch.
    before_epoch: called with the number of each epoch that begins, the objective that is trained,
        which may be a copy of the one given, and the metrics of the last epoch, none before any.
    after_epoch: called with the number of epochs that are done, their state saved, and the metrics
        of the last; what it raises ends the run.
    monitors: who is told how it goes. uses_all: whether each step uses all parameters.
    judged_from: the first epoch (0-based) whose weights may be kept, when as many are run.
    state_path: where the state goes; None to keep none.
    fingerprint: two jobs with another fingerprint are not the same run.
    """

    objective: nn.Module
    network: nn.Module
    batches: Callable[[int, int], Iterable[Movable]]
    steps: int
    validate: Callable[[nn.Module], dict[str, float]]
    monitor: Sequence[str]
    fingerprint: str
    config: TrainingConfig
    state_path: Path | None
    resume_hint: str
    before_epoch: BeforeEpoch = ignore
    fallback: Sequence[str] = ()
    judged_from: int = 0
    after_epoch: AfterEpoch = ignore
    monitors: Monitors = field(default_factory=Monitors)
    uses_all: bool = True


def fit(job: Job, *, resume: bool = False) -> Kept:
    """Train and leave the best weights in `job.network`; say which they are.

    After each epoch, and within it every `training.state_minutes`, the state goes to
    `job.state_path`, atomically; a run that ends removes it. Ctrl-C waits for the end of the step,
    saves it and raises a TrainingInterruptedError that says how to go on. A resumed run ends with
    the weights of an uninterrupted one.
    """
    config = job.config
    team = Team(config, uses_all=job.uses_all)
    network = job.network
    job, objective, optimizer = _ready(job, team)
    state = StateFile(job.state_path, job.fingerprint, team)
    at = Progressed()
    if team.of_first(lambda: resume):
        at = state.load(job.objective, optimizer)
    elif config.ema_decay:
        at.average = _copy(job.network)
    ended = End("failed")
    job.monitors.begin(at.step)
    try:
        with held_back(again=team.is_alone) as interrupt, _progress() as progress:
            bar = progress.add_task(
                "training", total=config.epochs * job.steps, completed=at.step, note=""
            )
            saving = Saving(
                state,
                lambda: state.save(job.objective, optimizer, at),
                config.state_minutes,
                interrupt,
                lambda: progress.advance(bar),
            )
            _run_epochs(job, team, objective, optimizer, at, saving)
        network.load_state_dict(at.best)
        network.to("cpu").eval()
        ended = End("done", at.best_epoch, at.best_metrics)
    except KeyboardInterrupt:
        ended = End("stopped", max(0, at.best_epoch), at.best_metrics)
        raise _stopped(job, at, state) from None
    except EndedEarlyError:
        ended = End("stopped", max(0, at.best_epoch), at.best_metrics)
        raise
    except RuntimeError as error:
        if not team.has_lost_one(error):
            raise
        raise _lost(job) from error
    finally:
        job.monitors.end(ended)
    # The group must outlive what averages gradients: a wrapper that goes after it may wait for ever
    # for a thread which waits for Python's lock.
    del objective
    team.part()
    state.remove()
    return Kept(at.best_epoch, at.epoch, at.best_metrics)


def _ready(job: Job, team: Team) -> tuple[Job, nn.Module, Any]:
    """Give the job as the team runs it, its objective and the optimizer."""
    fabric = team.fabric
    if not team.divides:
        objective, optimizer = fabric.setup(job.objective, _optimizer(job))
        return job, objective, optimizer
    objective, network = twins(job.objective, job.network)
    validate = judged_whole(job.network.to(fabric.device), job.validate)
    job = replace(job, objective=objective, network=network, validate=validate)
    # The parameters are others once they are divided.
    objective = fabric.setup_module(job.objective)
    return job, objective, fabric.setup_optimizers(_optimizer(job))


def _optimizer(job: Job) -> torch.optim.Optimizer:
    groups = parameter_groups(job.objective, job.network, job.config)
    return torch.optim.AdamW(groups, lr=job.config.learning_rate, fused=True)


def _run_epochs(
    job: Job,
    team: Team,
    objective: nn.Module,
    optimizer: Any,
    at: Progressed,
    saving: Saving,
) -> None:
    """Train until the last epoch is done, or as many were no better as `patience` says."""
    config, pace = job.config, Pace(at.step)
    while at.epoch < config.epochs and not _is_no_better(job, at):
        job.before_epoch(at.epoch, job.objective, at.metrics)
        loss = run_epoch(job, team, objective, optimizer, at, saving.after_step)
        if not math.isfinite(loss):
            raise EdgetextError(
                f"the loss became {loss} in epoch {at.epoch + 1}; lower `training.learning_rate`"
            )
        judged = _validate(job, at)
        # All must decide alike, and rounding may differ between machines.
        at.metrics = metrics = team.of_first(partial(dict[str, float], judged))
        at.epoch += 1
        at.losses = Losses()
        _keep_best(job, at, metrics)
        left = pace.left(at.step, config.epochs * job.steps)
        norm = _norm(job.network)
        job.monitors.epoch(Epoch(at.epoch, config.epochs, at.step, loss, metrics, norm, left))
        saving.save()
        job.after_epoch(at.epoch, metrics)
        if _is_no_better(job, at):
            _log.info("no better for %d epochs: stopping", config.patience)
        saving.raise_interrupt()


def _lost(job: Job) -> EdgetextError:
    """Say that another process is gone."""
    kept = "" if job.state_path is None else f"; {job.resume_hint} goes on from the last state"
    return EdgetextError(f"another process of this run ended, and this one cannot go on{kept}")


def _is_no_better(job: Job, at: Progressed) -> bool:
    """Whether the last epochs, as many as `patience` says, were no better than the best."""
    patience = job.config.patience
    return bool(patience and at.epoch) and at.epoch - at.best_epoch >= patience


def _stopped(job: Job, at: Progressed, state: StateFile) -> TrainingInterruptedError:
    """Say what there is of a run that Ctrl-C ended, and how it goes on."""
    if job.state_path is None:
        return TrainingInterruptedError("stopped; nothing was written")
    if not state.exists:
        return TrainingInterruptedError("stopped in the first epoch; nothing was written")
    where = f"within epoch {at.epoch + 1}" if at.losses else f"after epoch {at.epoch}"
    return TrainingInterruptedError(
        f"stopped {where} of {job.config.epochs}; {job.resume_hint} goes on"
    )


def run_epoch(
    job: Job,
    team: Team,
    objective: nn.Module,
    optimizer: Any,
    at: Progressed,
    after_step: Callable[[], None],
) -> float:
    """One pass over the epoch's batches that are left; the mean loss of all of them."""
    config, fabric = job.config, team.fabric
    objective.train()
    for batch in job.batches(at.epoch, len(at.losses)):
        factor = schedule_factor(config, at.step, config.epochs * job.steps)
        for group in optimizer.param_groups:
            # A state of an older edgetext has no shares.
            group["lr"] = config.learning_rate * factor * group.get(SHARE, 1.0)
        loss = objective(batch.to(fabric.device))
        fabric.backward(loss)
        norm = _clipped(fabric, objective, optimizer, config, at) if config.gradient_clip else None
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        at.step += 1
        if config.ema_decay:
            _average(at, job.network, config.ema_decay)
        at.losses.append(loss.detach())
        rate = config.learning_rate * factor
        job.monitors.step(Step(at.step, at.epoch + 1, loss.detach(), rate, norm))
        after_step()
    return float(team.mean(at.losses.values().mean()))


def _clipped(
    fabric: Fabric, objective: nn.Module, optimizer: Any, config: TrainingConfig, at: Progressed
) -> Tensor | None:
    """Clip the gradients in place and give their norm float[] before; EdgetextError where it is
    infinite or no number."""
    try:
        norm = fabric.clip_gradients(objective, optimizer, max_norm=config.gradient_clip)
    except RuntimeError as error:
        raise EdgetextError(
            f"the gradients became infinite in epoch {at.epoch + 1}; lower `training.learning_rate`"
        ) from error
    length: Tensor | None = whole(norm)
    return length


@torch.no_grad()
def _average(at: Progressed, network: nn.Module, decay: float) -> None:
    """Exponential moving average of the weights, with a warm-up so that the start is forgotten."""
    decay = min(decay, (1 + at.step) / (10 + at.step))
    # Frozen weights, which of a pretrained encoder are a quarter or more, are their own average.
    state = {
        name: x
        for name, x in network.state_dict(keep_vars=True).items()
        if x.requires_grad or not isinstance(x, nn.Parameter)
    }
    torch._foreach_lerp_(
        [at.average[name] for name in state], list(state.values()), weight=1 - decay
    )


@torch.no_grad()
def _norm(network: nn.Module) -> float:
    """Give the length of all parameters together, as one vector."""
    return float(whole(nn.utils.get_total_norm(network.parameters())))


@torch.no_grad()
def _validate(job: Job, at: Progressed) -> dict[str, float]:
    """Metrics of the averaged weights where there are any, else of the current ones."""
    job.network.eval()
    # Texts of like length are read together here, so that there are batches of long ones alone.
    keep_large_apart(True)
    give_back()
    if not job.config.ema_decay:
        return job.validate(job.network)
    current = _copy(job.network)
    job.network.load_state_dict(at.average)
    metrics = job.validate(job.network)
    job.network.load_state_dict(current)
    return metrics


def _keep_best(job: Job, at: Progressed, metrics: dict[str, float]) -> None:
    score = [_gain(metrics, name) for name in job.monitor]
    first = at.epoch == job.judged_from + 1
    at.constant = first or (at.constant and score == at.best_score)
    falls_back = at.constant and not first and better(metrics, at.best_metrics, job.fallback)
    if score > at.best_score or first or falls_back:
        at.best_score = score
        at.best_epoch = at.epoch
        at.best_metrics = metrics
        kept = at.average or job.network.state_dict()
        tensors = whole(dict(kept))
        at.best = {name: tensor.detach().cpu().clone() for name, tensor in tensors.items()}


def better(metrics: dict[str, float], others: dict[str, float], monitor: Sequence[str]) -> bool:
    """Whether the first are the better ones by `Job.monitor`."""
    return [_gain(metrics, name) for name in monitor] > [_gain(others, name) for name in monitor]


def _gain(metrics: dict[str, float], name: str) -> float:
    """A metric of `Job.monitor`, larger when better."""
    return -metrics[name[1:]] if name.startswith("-") else metrics[name]


def _copy(network: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.detach().clone() for name, tensor in network.state_dict().items()}


def _progress() -> Progress:
    return console.bar(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
