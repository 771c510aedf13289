"""ExecuTorch: the `.pte` file, its writer and its session."""
