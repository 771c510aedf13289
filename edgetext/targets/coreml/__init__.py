"""Core ML: packages that are converted on any system and run on Apple's alone."""
