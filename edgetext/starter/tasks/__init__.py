"""What `edgetext init` needs to know of each task, a file a task.

A task's file is called after it and registers its Starter; a task without one has no `init`.
"""
