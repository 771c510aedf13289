"""Names of users that their field tells, as machines and forms write it: user=anna, "login":
"anna", User name: anna."""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgetext.redaction.forms import Place

LABELS = frozenset(("USERNAME", "USER_NAME"))
# Of programs, which write a mark between a field and its value.
_CODE = "user|username|user_name|login|uid|usr|nick|nickname|logname"
# Of forms, in the languages of the built-in data set.
_FORM = (
    "user[ _-]?(?:name|id)|uid|log-?in(?: name)?|account name|nick(?:name)?|handle|screen ?name"
    "|benutzer-?(?:name|id)|nutzername|anmeldename|kontoname|nom d'utilisateur|identifiant|pseudo"
    "|(?:nombre de )?usuario|(?:nome )?utente|gebruikersnaam|inlognaam|(?:nome de )?usuário"
)
_VALUE = rb"[\w\x80-\xff][\w.\-\x80-\xff]{0,62}[\w\x80-\xff]"
# Most texts are done with that: one of these is in each field.
_HINT = re.compile(rb"user|usr|uid|log|nick|name|naam|handle|utente|pseudo|identifiant|usu")
# What is between a field and its value, from which it is looked back.
_SPOTS = re.compile(rb"=|:|\t| - ")
_BEFORE_CODE = re.compile(rb"(?<![\w.])(?:" + _CODE.encode() + rb")[\"']?\Z", re.IGNORECASE)
_AFTER_CODE = re.compile(rb"(?:=|(?<=[\"']):) ?([\"']?)(" + _VALUE + rb")(?![\w@\x80-\xff])\1")
_BEFORE_FORM = re.compile(rb"(?<![\w.\-])(?<!last )(?:" + _FORM.encode() + rb") ?\Z", re.IGNORECASE)
_AFTER_FORM = re.compile(rb"(?:\t|[=:] ?| - )()(" + _VALUE + rb")(?![\w@\x80-\xff]|\.\w)")
_LONGEST = 20  # bytes of a field
_LETTER = re.compile(rb"[A-Za-z\x80-\xff]")


def user_names(data: bytes) -> Iterator[Place]:
    """Yield where names of users stand that their field tells; numbers alone are none."""
    for spot in _SPOTS.finditer(data) if _HINT.search(data.lower()) else ():
        at = spot.start()
        for before, after in ((_BEFORE_CODE, _AFTER_CODE), (_BEFORE_FORM, _AFTER_FORM)):
            match = after.match(data, at)
            if match and before.search(data, max(0, at - _LONGEST), at):
                if _LETTER.search(match[2]):
                    yield match.span(2)
                break
