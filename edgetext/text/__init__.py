"""The text pipeline: a WordPiece vocabulary and the tensor program compiled from it."""
