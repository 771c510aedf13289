"""The checkpoint and its history, and what a file made of it says of itself."""
