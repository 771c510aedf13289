"""What chooses as the trials of a search do."""

import random


class Dice:
    """Chooses at random, as optuna's trials do before they know better."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def suggest_categorical(self, name, choices):
        return self.random.choice(list(choices))

    def suggest_int(self, name, low, high):
        return self.random.randint(low, high)
