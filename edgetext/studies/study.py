"""A folder's study of optuna, which several processes may work on at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from edgetext.core.errors import EdgetextError

if TYPE_CHECKING:
    import optuna

JOURNAL = "study.journal"
# What is tried by chance before the sampler learns.
STARTUP = 5


def stored_study(
    folder: Path, name: str, pruner: optuna.pruners.BasePruner, *, lowest: bool
) -> optuna.Study:
    """Open the study of a folder, or begin one.

    name: of the study, which says whose it is. lowest: whether a trial is better when its value is
    lower. EdgetextError where the folder's journal cannot be written, or is of another release of
    optuna or no journal at all.
    """
    import optuna
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    journal = folder / JOURNAL
    try:
        return optuna.create_study(
            study_name=name,
            storage=JournalStorage(JournalFileBackend(str(journal))),
            direction="minimize" if lowest else "maximize",
            load_if_exists=True,
            sampler=sampler_of(0, 0),
            pruner=pruner,
        )
    except OSError as error:
        raise EdgetextError(
            f"{journal}: the study cannot be written ({error.strerror}); choose another folder "
            "with -o"
        ) from error
    # What optuna raises of a journal that it does not know: it has no version in it.
    except (ValueError, KeyError, TypeError, AttributeError, AssertionError) as error:
        raise EdgetextError(
            f"{journal}: optuna {optuna.__version__} cannot read this study; use the release that "
            "wrote it, or give another folder with -o"
        ) from error


def sampler_of(seed: int, trial: int) -> optuna.samplers.BaseSampler:
    """Make the tree-structured Parzen estimator (Bergstra et al. 2011) of one trial: seeded by the
    trial's number, so that processes at the same study choose differently, and one that goes on
    chooses as it would have."""
    import optuna

    return optuna.samplers.TPESampler(
        seed=(seed * 1009 + trial) % 2**31, n_startup_trials=STARTUP, multivariate=False
    )


def running(study: optuna.Study) -> list[int]:
    """Number the trials that have begun and not ended, in their order."""
    from optuna.trial import TrialState

    states = (TrialState.RUNNING,)
    return [trial.number for trial in study.get_trials(deepcopy=False, states=states)]


def has_waiting(study: optuna.Study) -> bool:
    """Tell whether a trial was planned and has not begun."""
    from optuna.trial import TrialState

    return bool(study.get_trials(deepcopy=False, states=(TrialState.WAITING,)))
