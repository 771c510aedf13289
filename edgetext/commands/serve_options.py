"""Options of `serve` that judge models on what they are asked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edgetext.commands import options

if TYPE_CHECKING:
    from edgetext.serving.live.settings import LiveSettings

_INSTALL = (
    "--shadow, --canary and --feedback need scipy; add it with `pip install 'edgetext[monitor]'`"
)
# What each option is about, so that it is not given without it.
_ABOUT = {
    "sample": ("shadow",),
    "percent": ("canary",),
    "guard": ("canary",),
    "guard_texts": ("canary",),
    "keep_text": ("shadow", "canary"),
    "nice": ("shadow", "canary", "feedback"),
    "window": ("shadow", "canary", "feedback"),
    "state": ("shadow", "canary", "feedback"),
    "reference": ("shadow", "canary", "feedback"),
}
_OPTIONS = (
    options.option(
        "--shadow",
        "shadows",
        multiple=True,
        metavar="[NAME:]MODEL",
        help="A candidate that is asked a sample of the same texts, beside the model NAME.",
    ),
    options.option(
        "--sample",
        type=click.FloatRange(0, 1),
        default=0.05,
        show_default=True,
        help="The share of requests that --shadow sees.",
    ),
    options.option(
        "--canary",
        "canaries",
        multiple=True,
        metavar="[NAME:]MODEL",
        help="A candidate that answers a share of the requests to the model NAME.",
    ),
    options.option(
        "--percent",
        type=click.FloatRange(0, 100),
        default=5.0,
        show_default=True,
        help="That share.",
    ),
    options.option(
        "--guard",
        default="errors=0.01,p99=1.5x,accuracy=-0.02",
        show_default=True,
        metavar="NAME=BOUND,...",
        help="What ends a canary: agreement=, errors=, p99=, accuracy=.",
    ),
    options.option(
        "--guard-texts",
        type=click.IntRange(min=10),
        default=200,
        show_default=True,
        help="Texts, requests or judged answers before a guard is looked at.",
    ),
    options.option(
        "--feedback", is_flag=True, help="Take feedback without a candidate, and tell drift."
    ),
    options.option(
        "--state", type=options.WRITTEN_FOLDER, help="A folder for what is known, after a restart."
    ),
    options.option(
        "--keep-text", is_flag=True, help="Keep texts that two models answer differently."
    ),
    options.option(
        "--window",
        type=click.IntRange(min=50),
        default=1000,
        show_default=True,
        help="Answers in a window that drift is told of.",
    ),
    options.option(
        "--reference",
        type=options.FILE,
        help="A stored /v1/evaluation, whose windows drift is told from.",
    ),
    options.option(
        "--nice",
        type=click.IntRange(0, 19),
        default=19,
        show_default=True,
        help="How much the process that judges gives way to all others.",
    ),
)


def judging(command: Any) -> Any:
    """Give a command the options."""
    return reduce(lambda decorated, option: option(decorated), reversed(_OPTIONS), command)


def live_settings(given: Mapping[str, Any]) -> LiveSettings | None:
    """Read the options; None where nothing is judged. EdgetextError where scipy is not installed,
    UsageError for an option without the one that it belongs to."""
    has = {
        "shadow": bool(given["shadows"]),
        "canary": bool(given["canaries"]),
        "feedback": given["feedback"],
    }
    context = click.get_current_context()
    for name, owners in _ABOUT.items():
        source = context.get_parameter_source(name)
        if source is click.core.ParameterSource.COMMANDLINE and not any(has[x] for x in owners):
            words = " or ".join(f"--{owner}" for owner in owners)
            raise click.UsageError(f"--{name.replace('_', '-')} goes with {words}")
    if not any(has.values()):
        return None
    _check_installed()
    from edgetext.serving.live.settings import LiveSettings, read_candidate, read_guards

    return LiveSettings(
        shadows=tuple(map(read_candidate, given["shadows"])),
        canaries=tuple(map(read_candidate, given["canaries"])),
        sample=given["sample"],
        percent=given["percent"],
        guards=read_guards(given["guard"], given["guard_texts"]),
        state=None if given["state"] is None else Path(given["state"]),
        keep_text=given["keep_text"],
        window=given["window"],
        reference=given["reference"],
        nice=given["nice"],
    )


def _check_installed() -> None:
    from importlib.util import find_spec

    from edgetext.core.errors import EdgetextError

    if find_spec("scipy") is None:
        raise EdgetextError(_INSTALL)
