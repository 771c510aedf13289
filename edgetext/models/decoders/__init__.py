"""From scores to answers inside the exported graph, a module a task."""
