"""What a model's answers are worth, where its bytes are, and whether it still answers as it did."""
