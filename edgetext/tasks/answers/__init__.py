"""What each task answers, a file a task: with NumPy alone, so that a host that runs exported files
needs no PyTorch.

A task's file is called after it and registers its Task; it is imported when the task is looked up.
"""
