"""Texts that TextAttack changes until a model answers otherwise (Morris et al. 2020)."""
