"""Where names of persons begin and end, and who is named by a form of address.

What a model marks as a person may have a word too many or too few. In a text that has capitals,
words of a name have one, but for what stands inside of it, as `van der`; a form of address is none
of it, and what follows one is a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from edgetext.data.example import Span
from edgetext.redaction.companies import until_company
from edgetext.redaction.forms import Place
from edgetext.redaction.runs import joined

LABELS = frozenset(("PERSON", "NAME"))
# A capital as UTF-8: of ASCII, Latin 1, Latin Extended A and B (where capitals and small letters
# take turns, so that both count), Vietnamese, Greek and Cyrillic.
_CAPITAL = (
    rb"(?:[A-Z]|\xc3[\x80-\x9e]|[\xc4-\xc9][\x80-\xbf]|\xe1[\xb8-\xbb][\x80-\xbf]"
    rb"|\xce[\x86-\xab]|\xd0[\x80-\xaf])"
)
_REST = rb"[A-Za-z\x80-\xff'\-]*"
# Articles and prepositions in surnames: those that are words of their language as well, and count
# where a name goes on after them anyway, and those that are not.
_OFTEN = rb"de|du|da|do|di|la|le|lo|las|los|les|den|del|der|des|dem|het|op|in|zu|al|el|bin|ben|st"
_PARTS = rb"de|van|von|vom|zur|zum|ter|ten|della|delle|degli|dei|dell|dos|das|'t|ibn|af|av"
_PART = rb"(?:van|von)(?: (?:de[nr]?|het|'t))?|" + _PARTS + rb"|de la|de los|de las"
_SMALL = re.compile(rb"(?:" + _OFTEN + rb"|" + _PARTS + rb"|d'|l')\Z", re.IGNORECASE)
_WORD = re.compile(rb"[^\s,;:()<>\"]+")
_WORD_AND_BLANK = re.compile(rb"[^\s]+\s+(?=[^\s])")
_NAME = rb"(?:d'|l'|')?" + _CAPITAL + _REST
_BEGINS_LARGE = re.compile(rb"(?:\A|[^A-Za-z\x80-\xff])" + _CAPITAL)
# What may be a letter of a script that has no capitals, or small ones that are not told here.
_UNCASED = re.compile(rb"[\x80-\xc1\xca-\xe1\xe3-\xff]")
# Words that begin messages and sentences, with a capital then, and are no names.
_NO_NAMES = frozenset(
    "i hi hello hey here dear thanks please yes sorry bearer cheers regards ask tell with "
    "from for and but when if was did has does could would our the this that we they not as "
    "ich hallo bitte danke hier nein sie liebe lieber inhaber inhaberin grüße frag sag mit "
    "für und aber wenn ist hat ein eine mein meine wie als je bonjour salut merci ici oui non "
    "amitiés bises cordialement avec pour mais quand est une mon demande comme hola gracias "
    "aquí sí querida querido saludos besos abrazos pero cuando pregunta dile ciao grazie "
    "buongiorno ecco sì cara caro baci saluti cordiali quando è il mio chiedi hoi ik ze hij "
    "bedankt dank ja nee beste lieve groeten groetjes zoals met voor maar heeft een mijn "
    "vraag oi olá obrigado obrigada aqui sim não eu beijos abraços saudações é meu minha "
    "pergunta".encode().split()
)
# One more word of a name, after what surnames have inside.
_NEXT = re.compile(rb" (?:(?:" + _PART + rb") )?" + _NAME + rb"(?![\w.@\x80-\xff])")
_NEXT_AFTER_SMALL = re.compile(rb" (?:(?:" + _OFTEN + rb"|" + _PARTS + rb") ){0,2}" + _NAME)
# What ends no name: what stands inside of one, and the genitive in English.
_ENDS = re.compile(
    rb"(?: (?:" + _OFTEN + rb"|" + _PARTS + rb"))+\Z|(?:'|\xe2\x80\x99)s\Z"
    rb"|(?<=[a-z\x80-\xff]{3})[.!?]\Z"
)
_MARK = re.compile(rb"[,(]")
# At most one comma is in a name, before the given one, and no bracket.
_PART_OF = re.compile(rb"[^,(]+(?:, ?[^,(]+)?(?:[,(] ?|\Z)|[,(]")
# What ends a sentence within a span: no initial, and no form of address.
_SENTENCE_END = re.compile(rb"[a-z\x80-\xff]{3}[.!?]\Z")
_BETWEEN = re.compile(rb" (?:(?:" + _OFTEN + rb"|" + _PARTS + rb") ){1,3}")
_BEFORE_SMALL = re.compile(rb"(?<![\w.@\-\x80-\xff])" + _NAME + rb" \Z")
# Forms of address, which begin small or with a capital where a sentence may, and the words of a
# greeting or thanks.
_TITLE_WORDS = (
    "Mr Mrs Ms Mx Dr Prof Herr Herrn Frau Mme Mlle Monsieur Madame Sr Sra Srta Señor Señora señor "
    "señora Doña doña don Signor Signora signor signora Sig Sig.ra sig Dott Dott.ssa dott Meneer "
    "Mevrouw Mevr Dhr meneer mevrouw mevr dhr Senhor Senhora senhor senhora".encode().split()
)
_GREETINGS = (
    "hi hello hey dear thanks hallo liebe lieber liebes danke salut bonjour cher chère merci hola "
    "querido querida gracias ciao caro cara grazie hoi beste lieve bedankt oi olá obrigado "
    "obrigada".encode().split()
)
_TITLE = rb"(?:" + b"|".join(map(re.escape, _TITLE_WORDS)) + rb")"
_TITLES = re.compile(_TITLE + rb"\.?\Z")
_TITLED = re.compile(
    rb"(?<![\w.@\-\x80-\xff])" + _TITLE + rb"\.? ((?:(?:" + _OFTEN + rb"|" + _PARTS + rb") ){0,3}"
    + _NAME + rb")"
)  # fmt: skip
# A greeting or thanks and who is meant, up to a mark or the end, but for those that are no one.
_GREETED = re.compile(
    rb"(?<![\w.@\-\x80-\xff])(?i:" + b"|".join(_GREETINGS) + rb") (" + _NAME + rb")"
)
# Texts without any of these words, as most are, name nobody so. What is no part of a word here is
# what may stand before one.
_TITLE_CUES = frozenset(word.lower() + end for word in _TITLE_WORDS for end in (b"", b"."))
_GREETING_CUES = frozenset(_GREETINGS)
_AS_WORDS = bytes(
    n
    if n >= 128 or n in b".@-_" or 48 <= n < 58 or 97 <= n < 123
    else n + 32
    if 65 <= n < 91
    else 32
    for n in range(256)
)
_NO_ONE = frozenset(
    b"all everyone everybody team folks guys sir madam sirs customer world god welt zusammen "
    b"leute kunde kundin damen herren tous toutes client cliente monde todos todas mundo tutti "
    b"tutte mondo klant allemaal mensen iedereen dios dieu dio deus gott".split()
)
# What ends a letter, and who signs it.
_CLOSINGS = (
    "regards faithfully sincerely truly wishes grüße grüßen gruß cordialement salutations amitiés "
    "saludo saludos atentamente saluti groet groeten atenciosamente abraço abraços "
    "saudações".encode().split()
)
_SIGNED = re.compile(
    rb"(?<![\w.@\-\x80-\xff])(?i:" + b"|".join(_CLOSINGS) + rb"),\s?(" + _NAME + rb")"
)
_CLOSING_CUES = frozenset(_CLOSINGS)
_AFTER_GREETING = re.compile(rb" ?(?:[,!.:;?\r\n]|\Z)")


def whole_names(spans: Sequence[Span], data: bytes) -> list[Span]:
    """Give the spans of a text, in its order, those of persons from capital to capital: cut at
    small words and forms of address, and as far as capitals go on."""
    if LABELS.isdisjoint([span.label.upper() for span in spans]):
        return list(spans)
    whole: list[Span] = []
    spans = joined(spans, data, _inside) if len(spans) > 1 else spans
    following = [*(span.start for span in spans[1:]), len(data)]
    for span, limit in zip(spans, following, strict=True):
        if span.label.upper() not in LABELS:
            whole.append(span)
            continue
        since = whole[-1].end if whole else 0
        for start, end in _names(data, span.start, span.end, (since, limit)):
            is_same = (start, end) == (span.start, span.end) and span.content is not None
            whole.append(span if is_same else Span(span.label, start, end, data))
    return whole


def _names(data: bytes, first: int, last: int, within: Place) -> Iterator[Place]:
    """The names of a span, the first from where it begins and the last as far as it goes on."""
    pieces = _pieces(data, first, last)
    if _MARK.search(data, first, last):
        parts = (part.span() for part in _PART_OF.finditer(data, first, last))
        pieces = [piece for part in parts for piece in _pieces(data, *part)]
    for n, (start, end) in enumerate(pieces):
        if n == 0:
            start = _begun(data, start, end, within[0])
        if n + 1 == len(pieces) and end >= last - 1:
            # Who has two names already is seldom followed by what stands inside of them, but by
            # what they are of: `Jan Koch von Hotel Roth`.
            is_whole = end == last and data.count(b" ", start, end) > 0
            end = _grown(data, end, within[1], is_whole)
            if after := _ENDS.search(data, start, end):
                end = after.start()
            end = until_company(data, start, end)
        if start < end:
            yield start, end


def _begun(data: bytes, start: int, end: int, since: int) -> int:
    """Where a name begins of which a model saw the last words: before what stands inside of
    names."""
    if _SMALL.match(data[start:end].partition(b" ")[0]):
        before = _BEFORE_SMALL.search(data, since, start)
        if before and before[0].strip().lower() in _NO_NAMES:
            # No name goes on in `Ik ben Anna`.
            small = _WORD_AND_BLANK.match(data, start, end)
            return small.end() if small else start
        return before.start() if before else start
    return start


def titled(data: bytes) -> Iterator[Place]:
    """Yield where names stand that follow a form of address, or a greeting and end there."""
    words = data.translate(_AS_WORDS).split()
    for match in () if _TITLE_CUES.isdisjoint(words) else _TITLED.finditer(data):
        start, end = match.span(1)
        yield start, _grown(data, end, len(data))
    for match in () if _GREETING_CUES.isdisjoint(words) else _GREETED.finditer(data):
        start, end = match.start(1), _grown(data, match.end(), len(data))
        first = match[1].lower()
        if first in _NO_ONE or first in _NO_NAMES or _TITLES.match(match[1]):
            continue
        if _AFTER_GREETING.match(data, end):
            yield start, end
    for match in () if _CLOSING_CUES.isdisjoint(words) else _SIGNED.finditer(data):
        start, end = match.start(1), _grown(data, match.end(), len(data))
        if b" " in data[start:end] and until_company(data, start, end) == end:
            yield start, end


def _inside(label: str) -> re.Pattern[bytes] | None:
    """What stands inside of names, which two spans of persons with no more between them are one
    by."""
    return _BETWEEN if label.upper() in LABELS else None


def _pieces(data: bytes, start: int, end: int) -> list[Place]:
    """Give the names within a span: runs of words with capitals; all of it where no word has
    one."""
    words = _WORD.findall(data, start, end)
    kinds = list(map(_kind, words))
    if "unknown" in kinds or "name" not in kinds:
        is_none = len(words) == 1 and data[start:end].lower() in _NO_NAMES
        return [] if is_none else [(start, end)]
    # Most spans are whole names.
    ends = any(map(_SENTENCE_END.search, words[:-1]))
    if kinds[0] == kinds[-1] == "name" and "other" not in kinds and not ends:
        return [(data.index(words[0], start), data.rindex(words[-1], start, end) + len(words[-1]))]
    pieces: list[Place] = []
    first = last = None
    for match, kind in zip(_WORD.finditer(data, start, end), kinds, strict=True):
        if kind == "name":
            first, last = (match.start() if first is None else first), match.end()
            if _SENTENCE_END.search(match[0]) and last < end:
                pieces.append((first, last - 1))
                first = last = None
        elif kind == "other":
            if first is not None and last is not None:
                pieces.append((first, last))
            first = last = None
        elif kind == "small" and first is None:
            first = match.start()
    if first is not None and last is not None:
        # What stands inside of names, at the end of one, leads to the next word.
        pieces.append((first, end if kinds[-1] == "small" else last))
    return pieces


def _kind(word: bytes) -> str:
    """What a word of a span is: of a name, small inside of one, or other, which no doubt is left
    of."""
    if _TITLES.match(word) or word.lower() in _NO_NAMES:
        return "other"
    if _BEGINS_LARGE.search(word):
        return "name"
    if _SMALL.match(word):
        return "small"
    return "unknown" if _UNCASED.match(word) else "other"


def _grown(data: bytes, end: int, limit: int, is_whole: bool = False) -> int:
    """Where a name ends that goes on with capitals; is_whole: with no small word before these."""
    after = _NEXT_AFTER_SMALL if _SMALL.match(data[:end].rpartition(b" ")[2]) else _NEXT
    while match := after.match(data, end):
        if match.end() > limit or (is_whole and b" " in match[0][1:]):
            break
        end, after = match.end(), _NEXT
    return end
