"""Judging models on live traffic: a second model beside the first one, feedback, and a canary."""
