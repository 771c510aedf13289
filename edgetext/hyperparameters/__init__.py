"""`search-params`: the values of a recipe's fields that train the best model."""
