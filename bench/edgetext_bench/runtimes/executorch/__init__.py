"""ExecuTorch: its releases in Python, and in the demo app's finished APK."""
