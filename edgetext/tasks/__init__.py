"""The tasks that a model can learn.

answers/ has what a task is to those who ask models, with NumPy alone; learners/ what learns it,
with PyTorch. This module imports neither, so that who needs the one does not load the other.
"""
