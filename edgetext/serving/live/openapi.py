"""What the paths of judging take and give, in OpenAPI."""

from __future__ import annotations

from typing import Any

from edgetext.serving.live.feedback import LONGEST

_SPAN = {
    "type": "object",
    "required": ["label", "start", "end"],
    "properties": {
        "label": {"type": "string"},
        "start": {"type": "integer", "minimum": 0, "maximum": LONGEST},
        "end": {
            "type": "integer",
            "minimum": 1,
            "maximum": LONGEST,
            "description": "Behind the last byte, and behind start.",
        },
    },
}
FEEDBACK: dict[str, Any] = {
    "type": "object",
    "required": ["id"],
    "anyOf": [{"required": [field]} for field in ("label", "labels", "spans", "correct")],
    "additionalProperties": False,
    "properties": {
        "id": {
            "type": "string",
            "minLength": 1,
            "maxLength": 128,
            "description": "The X-Request-Id of an answer.",
        },
        "index": {"type": "integer", "minimum": 0, "description": "Which of its texts."},
        "label": {"type": "string", "description": "The right label of the text."},
        "labels": {"type": "array", "items": {"type": "string"}},
        "spans": {"type": "array", "items": _SPAN, "description": "The right spans, in bytes."},
        "correct": {"type": "boolean", "description": "Whether the answer was right."},
    },
}
JUDGED: dict[str, Any] = {
    "type": "object",
    "required": ["model", "answered", "right"],
    "properties": {
        "model": {"type": "string"},
        "answered": {"enum": ["serving", "candidate"]},
        "right": {
            "type": "object",
            "properties": {arm: {"type": ["boolean", "null"]} for arm in ("serving", "candidate")},
        },
    },
}
EVALUATION: dict[str, Any] = {
    "type": "object",
    "required": ["time", "models"],
    "properties": {
        "time": {"type": "number", "description": "Seconds since 1970."},
        "models": {"type": "object", "additionalProperties": {"type": "object"}},
    },
}
