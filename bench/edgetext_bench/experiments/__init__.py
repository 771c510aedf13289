"""Measurements that were made once, to decide something, and can be made again:
`python -m edgetext_bench.experiments.NAME`. Nothing of the harness imports them.
"""
