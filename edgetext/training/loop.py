"""The training loop: AdamW, a schedule, averaged weights, early stopping, resuming."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import torch
from lightning_fabric import Fabric
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from torch import Tensor, nn

from edgetext.core import console
from edgetext.core.errors import EdgetextError
from edgetext.core.files import write_bytes
from edgetext.recipe import TrainingConfig

_log = console.logger(__name__)


class TrainingInterruptedError(EdgetextError):
    """Ctrl-C came while training; the state to resume from, if there is one, is saved."""


AfterEpoch = Callable[[int, dict[str, float]], None]


def ignore(epoch: int, metrics: dict[str, float]) -> None:
    """An AfterEpoch that does nothing."""


class Movable(Protocol):
    """A batch: whatever the objective takes, if it can go to a device."""

    def to(self, device: torch.device) -> Any: ...


@dataclass(slots=True)
class Job:
    """What `fit` runs.

    objective: a module that maps a batch to a scalar loss; its parameters are optimised.
    network: the part of the objective that is kept and validated.
    batches: epoch number (0-based) -> that epoch's batches; it must depend on the number alone, so
        that a resumed run sees the same batches. steps: batches in an epoch.
    validate: network -> metrics; monitor: which of them early stopping maximises ("-loss":
        minimises), later ones deciding between equals.
    before_epoch: called with the number of each epoch that begins.
    after_epoch: called with the number of epochs that are done, their state saved, and the metrics
        of the last; what it raises ends the run.
    judged_from: the first epoch (0-based) whose weights may be kept, when as many are run.
    state_path: where the state goes after each epoch; None to keep none.
    fingerprint: two jobs with another fingerprint are not the same run.
    """

    objective: nn.Module
    network: nn.Module
    batches: Callable[[int], Iterable[Movable]]
    steps: int
    validate: Callable[[nn.Module], dict[str, float]]
    monitor: Sequence[str]
    fingerprint: str
    config: TrainingConfig
    state_path: Path | None
    resume_hint: str
    before_epoch: Callable[[int], None] = lambda epoch: None
    judged_from: int = 0
    after_epoch: AfterEpoch = ignore


@dataclass(slots=True)
class Progressed:
    """Where a run stands after whole epochs; everything that its state file holds."""

    epoch: int = 0
    step: int = 0
    best_score: list[float] = field(default_factory=list)
    best_epoch: int = -1
    best_metrics: dict[str, float] = field(default_factory=dict)
    best: dict[str, Tensor] = field(default_factory=dict)
    average: dict[str, Tensor] = field(default_factory=dict)


def schedule_factor(config: TrainingConfig, step: int, total: int) -> float:
    """What multiplies the learning rate at a step (0-based) of `total`.

    Linear warm-up over the first `warmup` share, then constant, linear to 0, or half a cosine to 0
    (Loshchilov & Hutter 2017, without restarts).
    """
    warm = config.warmup * total
    if step < warm:
        return (step + 1) / (warm + 1)
    done = (step - warm) / max(1.0, total - warm)
    if config.schedule == "constant":
        return 1.0
    if config.schedule == "linear":
        return 1.0 - done
    return 0.5 * (1.0 + math.cos(math.pi * done))


def fit(job: Job, *, resume: bool = False) -> dict[str, float]:
    """Train and leave the best weights in `job.network`; return their validation metrics.

    After each epoch the state goes to `job.state_path`, atomically; a run that ends removes it.
    Ctrl-C leaves it and raises an EdgetextError that says how to go on. A resumed run ends with
    the weights of an uninterrupted one.
    """
    config = job.config
    fabric = Fabric(accelerator=config.accelerator, devices=1, precision=_precision(config))
    optimizer = torch.optim.AdamW(
        _parameter_groups(job.objective, config.weight_decay), lr=config.learning_rate, fused=True
    )
    objective, optimizer = fabric.setup(job.objective, optimizer)
    at = Progressed()
    if resume:
        at = _load_state(job, optimizer, fabric.device)
    elif config.ema_decay:
        at.average = _copy(job.network)
    try:
        with _progress() as progress:
            total = config.epochs * job.steps
            bar = progress.add_task("training", total=total, completed=at.step, note="")
            while at.epoch < config.epochs:
                job.before_epoch(at.epoch)
                loss = run_epoch(
                    job, fabric, objective, optimizer, at, lambda: progress.advance(bar)
                )
                if not math.isfinite(loss):
                    raise EdgetextError(
                        f"the loss became {loss} in epoch {at.epoch + 1}; "
                        "lower `training.learning_rate`"
                    )
                metrics = _validate(job, at)
                at.epoch += 1
                _keep_best(job, at, metrics)
                note = " ".join(f"{name} {value:.4f}" for name, value in metrics.items())
                _log.info("epoch %d/%d  loss %.4f  %s", at.epoch, config.epochs, loss, note)
                _save_state(job, optimizer, at)
                job.after_epoch(at.epoch, metrics)
                if config.patience and at.epoch - at.best_epoch >= config.patience:
                    _log.info("no better for %d epochs: stopping", config.patience)
                    break
    except KeyboardInterrupt:
        if job.state_path is None:
            raise TrainingInterruptedError("stopped; nothing was written") from None
        if not job.state_path.exists():
            raise TrainingInterruptedError(
                "stopped in the first epoch; nothing was written"
            ) from None
        raise TrainingInterruptedError(
            f"stopped after epoch {at.epoch} of {config.epochs}; {job.resume_hint} goes on"
        ) from None
    job.network.load_state_dict(at.best)
    job.network.to("cpu").eval()
    if job.state_path is not None:
        job.state_path.unlink(missing_ok=True)
    return at.best_metrics


def run_epoch(
    job: Job,
    fabric: Fabric,
    objective: nn.Module,
    optimizer: Any,
    at: Progressed,
    advance: Callable[[], None],
) -> float:
    """One pass over the epoch's batches; the mean loss."""
    config = job.config
    objective.train()
    losses = []
    for batch in job.batches(at.epoch):
        factor = schedule_factor(config, at.step, config.epochs * job.steps)
        for group in optimizer.param_groups:
            group["lr"] = config.learning_rate * factor
        loss = objective(batch.to(fabric.device))
        fabric.backward(loss)
        if config.gradient_clip:
            fabric.clip_gradients(objective, optimizer, max_norm=config.gradient_clip)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        at.step += 1
        if config.ema_decay:
            _average(at, job.network, config.ema_decay)
        losses.append(loss.detach())
        advance()
    return float(torch.stack(losses).mean())


@torch.no_grad()
def _average(at: Progressed, network: nn.Module, decay: float) -> None:
    """Exponential moving average of the weights, with a warm-up so that the start is forgotten."""
    decay = min(decay, (1 + at.step) / (10 + at.step))
    state = network.state_dict()
    torch._foreach_lerp_(
        [at.average[name] for name in state], list(state.values()), weight=1 - decay
    )


@torch.no_grad()
def _validate(job: Job, at: Progressed) -> dict[str, float]:
    """Metrics of the averaged weights where there are any, else of the current ones."""
    job.network.eval()
    if not job.config.ema_decay:
        return job.validate(job.network)
    current = _copy(job.network)
    job.network.load_state_dict(at.average)
    metrics = job.validate(job.network)
    job.network.load_state_dict(current)
    return metrics


def _keep_best(job: Job, at: Progressed, metrics: dict[str, float]) -> None:
    score = [_gain(metrics, name) for name in job.monitor]
    if score > at.best_score or at.epoch == job.judged_from + 1:
        at.best_score = score
        at.best_epoch = at.epoch
        at.best_metrics = metrics
        kept = at.average or job.network.state_dict()
        at.best = {name: tensor.detach().cpu().clone() for name, tensor in kept.items()}


def better(metrics: dict[str, float], others: dict[str, float], monitor: Sequence[str]) -> bool:
    """Whether the first are the better ones by `Job.monitor`."""
    return [_gain(metrics, name) for name in monitor] > [_gain(others, name) for name in monitor]


def _gain(metrics: dict[str, float], name: str) -> float:
    """A metric of `Job.monitor`, larger when better."""
    return -metrics[name[1:]] if name.startswith("-") else metrics[name]


def _save_state(job: Job, optimizer: Any, at: Progressed) -> None:
    if job.state_path is None:
        return
    state = {
        "fingerprint": job.fingerprint,
        "objective": job.objective.state_dict(),
        "optimizer": optimizer.state_dict(),
        "random": torch.get_rng_state(),
        "progress": {name: getattr(at, name) for name in Progressed.__slots__},
    }
    # Through memory: torch's own writer reports a full disk as a RuntimeError.
    content = io.BytesIO()
    torch.save(state, content)
    write_bytes(job.state_path, content.getvalue())


def _load_state(job: Job, optimizer: Any, device: torch.device) -> Progressed:
    """Put a run back where its state file says; EdgetextError when it is another run's or bad."""
    if job.state_path is None:
        raise EdgetextError("give `state`, the file in which the interrupted run waits")
    if not job.state_path.exists():
        raise EdgetextError(
            f"{job.state_path}: there is no interrupted run to resume; leave out --resume"
        )
    try:
        state = torch.load(job.state_path, weights_only=True, map_location=device)
        fingerprint = state["fingerprint"]
    except Exception as error:  # torch raises many kinds for a damaged file
        raise EdgetextError(
            f"{job.state_path}: the state of the interrupted run cannot be read "
            f"({type(error).__name__}); delete it and train anew"
        ) from error
    if fingerprint != job.fingerprint:
        raise EdgetextError(
            f"{job.state_path}: the interrupted run had another recipe or other data; give the "
            "same recipe, or delete the file and train anew"
        )
    job.objective.load_state_dict(state["objective"])
    optimizer.load_state_dict(state["optimizer"])
    torch.set_rng_state(state["random"].cpu())
    return Progressed(**state["progress"])


def _parameter_groups(module: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Matrices decay; biases and normalization gains don't."""
    parameters = [p for p in module.parameters() if p.requires_grad]
    return [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": weight_decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]


def _precision(config: TrainingConfig) -> Any:
    """bf16 needs a GPU that has it, or any CPU; refuse it elsewhere in words."""
    if config.precision != "bf16":
        return "32-true"
    if torch.cuda.is_available() and not torch.cuda.is_bf16_supported():
        raise EdgetextError("this GPU has no bfloat16; set `training.precision: fp32`")
    return "bf16-mixed"


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
