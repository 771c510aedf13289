"""Training: encoded examples, the loop, distillation, metrics and checkpoints."""
