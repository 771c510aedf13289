"""What monitors cost: what is counted, and of what."""

from edgetext.recipe import Recipe
from edgetext.registry import lookup


def test_the_time_of_each_monitor_is_a_part_of_the_whole(data, monkeypatch):
    from edgetext_bench.experiments import monitor_cost

    for name in ("console", "csv"):
        monitor = lookup("monitor", name)
        for told in monitor_cost.TOLD:
            # Set as it is, so that it comes back.
            monkeypatch.setattr(monitor, told, getattr(monitor, told))
    fields = ["training.epochs=1", "monitors=[console, csv]"]
    spent, whole = monitor_cost.cost(Recipe.load(data / "classify.yaml", fields))
    seconds = dict(spent)
    assert seconds["all monitors"] == seconds["console"] + seconds["csv"]
    assert 0 < seconds["csv"] < whole and seconds["importing TensorBoard, apart"] == 0
