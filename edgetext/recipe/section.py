"""What all sections of a recipe are."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """Fields with defaults that are checked, and no others."""

    model_config = ConfigDict(extra="forbid", validate_default=True)
