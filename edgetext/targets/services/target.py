"""Importing this module registers the services of this package."""

from __future__ import annotations

import edgetext.targets.services.kserve
import edgetext.targets.services.ray
import edgetext.targets.services.triton  # noqa: F401
