"""What learns each task, a file a task: labels, targets and losses, and the modules of artifacts.

A task's file is called after it and registers its Learner; it is imported when that is looked up.
"""
