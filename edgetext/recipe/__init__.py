"""Recipes: what one YAML file may say, how it is read, completed and refused.

schema: the sections; student, part, pretraining: further ones. recipe: the whole. load: files and
overrides. shipped: recipes by name. components: the sections of readers, encoders, heads and tasks.
messages: errors in words.
Importing this package loads no PyTorch; a recipe that is loaded imports the components it names.
"""

from edgetext.recipe.part import PartConfig
from edgetext.recipe.pretraining import PretrainingConfig
from edgetext.recipe.recipe import Recipe, load_student
from edgetext.recipe.schema import (
    ComponentConfig,
    DataConfig,
    Files,
    HashedConfig,
    SplitConfig,
    TextConfig,
    TrainingConfig,
)
from edgetext.recipe.shipped import Summary, find_recipe, shipped_recipes, summaries
from edgetext.recipe.student import DistillationConfig, StudentConfig

__all__ = [
    "ComponentConfig",
    "DataConfig",
    "DistillationConfig",
    "Files",
    "HashedConfig",
    "PartConfig",
    "PretrainingConfig",
    "Recipe",
    "SplitConfig",
    "StudentConfig",
    "Summary",
    "TextConfig",
    "TrainingConfig",
    "find_recipe",
    "load_student",
    "shipped_recipes",
    "summaries",
]
