"""`tune`: the cheapest way to serve a model that answers a load in time, measured and planned."""
