"""In which order words must go so that an answer is lost soonest, found by a search.

Words that say the same thing hide each other from gradients and from occlusion: without one of them
nothing is lost yet. A search asks about sets of words that are left out together: of each number of
words it keeps the few orders after which least of the answer was left so far (beam search, Lowerre
1976), which is the area under the deletion curve of Petsiuk et al. (2018, §3.2).

A word's weight is what the answer loses when it goes. Where a later word takes more away than one
before it, they share alike what both take: the falling sequence that is nearest to the losses, by
pooling neighbors that violate it (Ayer et al. 1955). Weights add up to all that is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from edgetext.interpretation.explanation import Explanation, Part
from edgetext.interpretation.units import without, words
from edgetext.interpretation.worths import Texts, asker
from edgetext.predictor import Predictor
from edgetext.tasks.explaining import Goal
from edgetext.tasks.prediction import Prediction

# Orders that are followed at a time, of which a long text has fewer.
WIDTH = 4
# Words whose order is searched: those without which alone most is lost. The others follow by that.
SEARCHED = 24
# About as many sets of words are asked about.
ASKED = 300
# By this share weights of words that share alike differ, so that the order that was found remains.
APART = 0.01
# Numbers of words that are left out.
Words = frozenset[int]
Ask = Callable[[Sequence[Words]], list[float]]


def explain_by_search(
    predictor: Predictor,
    texts: Texts,
    answer: Prediction,
    goal: Goal,
    advance: Callable[[int, int], None] = lambda done, total: None,
) -> Explanation:
    """Weigh the words of the texts by what the goal loses as they go, one after the other.

    advance: told how many words have their place, and of how many.
    """
    places = [(whose, *word) for whose, text in enumerate(texts) for word in words(text)]
    of_variants = asker(predictor, goal)

    def ask(sets: Sequence[Words]) -> list[float]:
        return of_variants([_left(texts, places, gone) for gone in sets])

    everything = frozenset(range(len(places)))
    whole, nothing, *alone = ask([frozenset(), everything, *(frozenset([n]) for n in everything)])
    order, left = order_of(alone, nothing, ask, advance)
    falls = [before - after for before, after in zip([whole, *left], left, strict=False)]
    weights = dict(zip(order, falling(falls), strict=True))
    parts = tuple(Part(*place, weights[number]) for number, place in enumerate(places))
    return Explanation(
        model=str(predictor.path),
        answer=answer,
        goal=goal,
        texts=texts,
        parts=parts,
        method="search",
        unit="what is lost of its probability, or of the range, as words go one after the other",
        change=whole - nothing,
        missing=whole - nothing - sum(weights.values()),
    )


def order_of(
    alone: Sequence[float],
    nothing: float,
    ask: Ask,
    advance: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[list[int], list[float]]:
    """Give the order in which words go, and how much is said of the goal after each.

    alone: how much is said without each word; nothing: without all of them; ask: without some.
    """
    by_loss = sorted(range(len(alone)), key=lambda number: alone[number])
    searched, others = by_loss[:SEARCHED], by_loss[SEARCHED:]
    known = {frozenset([number]): worth for number, worth in enumerate(alone)}
    known[frozenset(range(len(alone)))] = nothing

    def learn(sets: Sequence[Words]) -> None:
        new = [gone for gone in sets if gone not in known]
        known.update(zip(new, ask(new) if new else (), strict=True))

    width = max(1, min(WIDTH, 2 * ASKED // len(searched) ** 2))
    # Of each set that is followed, the area so far and the order in which its words went.
    followed: dict[Words, tuple[float, tuple[int, ...]]] = {frozenset(): (0.0, ())}
    for step in range(len(searched)):
        advance(step, len(alone))
        longer: dict[Words, tuple[float, tuple[int, ...]]] = {}
        for gone, (area, order) in followed.items():
            for number in searched:
                following = gone | {number}
                if number not in gone and (following not in longer or area < longer[following][0]):
                    longer[following] = (area, (*order, number))
        learn(list(longer))
        areas = {gone: area + known[gone] for gone, (area, _) in longer.items()}
        best = sorted(areas, key=lambda gone: (areas[gone], longer[gone][1]))[:width]
        followed = {gone: (areas[gone], longer[gone][1]) for gone in best}
    (_, first), *_ = followed.values()
    whole = [*first, *others]
    path = [frozenset(whole[: count + 1]) for count in range(len(whole))]
    learn(path)
    advance(len(alone), len(alone))
    return whole, [known[gone] for gone in path]


def falling(losses: Sequence[float]) -> list[float]:
    """Give the falling numbers nearest to some losses, of the same sum; those that are pooled
    differ by APART of their mean from the first to the last."""
    pools: list[tuple[float, int]] = []
    for loss in losses:
        total, count = loss, 1
        while pools and pools[-1][0] * count < total * pools[-1][1]:
            before = pools.pop()
            total, count = total + before[0], count + before[1]
        pools.append((total, count))
    fallen: list[float] = []
    for total, count in pools:
        mean = total / count
        step = abs(mean) * APART / max(1, count - 1)
        fallen += [mean + step * ((count - 1) / 2 - place) for place in range(count)]
    return fallen


def _left(texts: Texts, places: Sequence[tuple[int, int, int]], gone: Words) -> Texts:
    """Give the texts without some of their words."""
    return tuple(
        without(text, [places[n][1:] for n in sorted(gone) if places[n][0] == whose])
        for whose, text in enumerate(texts)
    )
