"""Attacks texts with TextAttack, whose victim answers over a pipe.

It is a script for a Python that has TextAttack and need not have edgetext: the two ask for other
releases of the same packages. Each line of stdin and stdout is a JSON object.

    in    {"method": "deepwordbug", "seed": 1, "labels": 7, "examples": [["a text", 3], ...]}
    out   {"ready": {"textattack": "0.3.11", "stop_words": "NLTK"}}
    out   {"ask": ["a text", ...]}                     in    {"scores": [[0.1, ...], ...]}
    out   {"result": {"state": "succeeded", "text": "a tx", "words": 2, "changed": 1, "queries": 9}}
    out   {"error": "...", "known": [...]}             nothing follows
"""

import json
import os
import random
import sys
import tempfile
import warnings
from pathlib import Path


def main():
    """Attack the examples of the first line, and say what came of each."""
    # What libraries print must not come between our lines.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    warnings.filterwarnings("ignore")

    def say(**fields):
        answers.write(json.dumps(fields) + "\n")
        answers.flush()

    task = json.loads(sys.stdin.readline())
    with tempfile.TemporaryDirectory() as folder:
        source = stop_words(Path(folder))
        import textattack
        from textattack.attack_args import ATTACK_RECIPE_NAMES

        known = sorted(ATTACK_RECIPE_NAMES)
        if task["method"] not in known:
            say(error="unknown method", known=known)
            return
        from importlib.metadata import version

        say(ready={"textattack": version("textattack"), "stop_words": source})
        module, _, name = ATTACK_RECIPE_NAMES[task["method"]].rpartition(".")
        recipe = getattr(__import__(module, fromlist=[name]), name)
        victim = victim_class(textattack)(say, task["labels"])
        attack = recipe.build(victim)
        for number, (text, label) in enumerate(task["examples"]):
            seed_all(task["seed"] * 100_003 + number)
            say(result=attacked(attack.attack(text, label)))


def victim_class(textattack):
    """Make the class of the victim: TextAttack's own are known after its import alone."""

    class Victim(textattack.models.wrappers.ModelWrapper):
        """Whoever reads the other end of the pipe."""

        def __init__(self, say, labels):
            self.say = say
            self.labels = labels
            self.model = self  # of which TextAttack wants to know the class

        def __call__(self, texts, **options):
            """Give the labels' probabilities of texts, float64[n, labels].

            TextAttack takes a softmax of a whole batch in which one row is more than 1e-6 away from
            1, as rows of float32 are: so their sums are made exact.
            """
            import torch

            self.say(ask=list(texts))
            scores = torch.tensor(json.loads(sys.stdin.readline())["scores"], dtype=torch.float64)
            scores = scores.reshape(len(texts), self.labels)
            return scores / scores.sum(dim=1, keepdim=True)

    return Victim


def attacked(result):
    """Give what came of one attack as JSON values."""
    kind = type(result).__name__.removesuffix("AttackResult").lower()
    original, perturbed = result.original_result, result.perturbed_result
    words = original.attacked_text
    changed = words.all_words_diff(perturbed.attacked_text) if kind != "skipped" else ()
    return {
        "state": {"successful": "succeeded"}.get(kind, kind),
        "text": perturbed.attacked_text.text,
        "words": len(words.words),
        "changed": len(changed),
        "queries": int(perturbed.num_queries),
    }


def seed_all(seed):
    """Seed all that TextAttack draws from."""
    import numpy as np
    import torch

    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)


def stop_words(folder):
    """Let NLTK find English stop words, without which TextAttack cannot be imported; say whose."""
    import nltk

    try:
        nltk.data.find("corpora/stopwords")
        return "NLTK"
    except LookupError:
        from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

        corpus = folder / "corpora" / "stopwords"
        corpus.mkdir(parents=True)
        (corpus / "english").write_text("\n".join(sorted(ENGLISH_STOP_WORDS)) + "\n", "utf-8")
        nltk.data.path.append(str(folder))
        return "scikit-learn"


if __name__ == "__main__":
    main()
