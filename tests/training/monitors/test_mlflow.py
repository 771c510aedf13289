"""MLflow's store in SQLite, and what it was told."""

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.training.monitors.mlflow import MlflowMonitor
from edgetext.training.monitors.monitor import End

mlflow = pytest.importorskip("mlflow", reason="mlflow is not installed")


def test_parameters_curves_and_the_end(start, told, tmp_path):
    uri = f"sqlite:///{tmp_path / 'm.db'}"
    config = MlflowMonitor.Config(uri=uri, every=2, experiment="mine")
    told(MlflowMonitor(config), start, end=End("stopped", 1, {"accuracy": 0.4}))
    client = mlflow.MlflowClient(uri)
    experiment = client.get_experiment_by_name("mine")
    (run,) = client.search_runs([experiment.experiment_id])
    assert run.info.run_name == "tiny" and run.info.status == "KILLED"
    assert run.data.params["training.schedule"] == "cosine"
    losses = client.get_metric_history(run.info.run_id, "train/loss")
    assert [point.step for point in losses] == [2, 4, 6, 8]
    assert run.data.metrics["kept/accuracy"] == 0.4


def test_a_store_that_is_none_is_refused(start, tmp_path, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    with pytest.raises(EdgetextError, match="mlflow has no uri"):
        MlflowMonitor(MlflowMonitor.Config()).on_start(start)
    (tmp_path / "file").write_text("no database")
    config = MlflowMonitor.Config(uri=f"sqlite:///{tmp_path / 'file'}")
    with pytest.raises(EdgetextError, match="MLflow's store sqlite"):
        MlflowMonitor(config).on_start(start)
