"""Examples made of others: other slot values, other subtrees, typos."""
