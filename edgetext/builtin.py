"""The modules whose import registers edgetext's own components, by kind.

It lies above all of them, and the registry, which lies below, is told by `import edgetext`. They
are names because none is imported before something of its kind is looked up.
"""

from __future__ import annotations

from edgetext.registry import provide

MODULES: dict[str, tuple[str, ...]] = {
    "reader": (
        "edgetext.data.formats",
        "edgetext.data.assistant.reader",
        "edgetext.data.pii.reader",
    ),
    "augmentation": (
        "edgetext.data.augment.slots",
        "edgetext.data.augment.subtrees",
        "edgetext.data.augment.renamed",
        "edgetext.data.augment.noise",
        "edgetext.data.augment.negatives",
        "edgetext.data.augment.chain",
        "edgetext.data.pii.augment",
    ),
    "encoder_config": ("edgetext.configs.encoders", "edgetext.configs.pretrained"),
    "head_config": ("edgetext.configs.heads", "edgetext.configs.pretrained"),
    "encoder": ("edgetext.models.encoders", "edgetext.models.pretrained"),
    "head": ("edgetext.models.heads", "edgetext.models.pretrained"),
    "scheme": ("edgetext.models.quantized",),
    "monitor": (
        "edgetext.training.monitors.console",
        "edgetext.training.monitors.table_files",
        "edgetext.training.monitors.tensorboard",
        "edgetext.training.monitors.visdom",
        "edgetext.training.monitors.mlflow",
    ),
    "target": ("edgetext.targets.installed",),
    "service": ("edgetext.targets.services.target",),
}
# Packages in which a component is a module of its name.
FOLDERS: dict[str, str] = {
    "task": "edgetext.tasks.answers",
    "learner": "edgetext.tasks.learners",
    "starter": "edgetext.starter.tasks",
}


def provide_components() -> None:
    """Make edgetext's own components known to the registry."""
    provide(MODULES, FOLDERS)
