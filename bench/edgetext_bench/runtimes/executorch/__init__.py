"""ExecuTorch: its releases in Python and in C++, and in the demo app's finished APK."""
