"""The benchmark harness, installed as `edgetext.bench`: its figures decide what ships."""
