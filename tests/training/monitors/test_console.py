"""The line an epoch."""

import logging

from edgetext.training.monitors.console import ConsoleMonitor


def test_a_line_an_epoch_and_no_time_left_after_the_last(start, told, caplog):
    with caplog.at_level(logging.INFO, "edgetext"):
        told(ConsoleMonitor(ConsoleMonitor.Config()), start)
    assert caplog.messages == [
        "epoch 1/2  loss 0.5000  accuracy 0.4000  60 s left",
        "epoch 2/2  loss 0.2500  accuracy 0.8000",
    ]
