"""A repository of models: versions by their content, stages that point at them, signatures."""
