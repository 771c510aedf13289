"""A matrix of hosts: which runtime, of which release, answers the files of a model as it does."""
