"""The benchmark harness, installed as `edgetext_bench`: its figures decide what ships."""
