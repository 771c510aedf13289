"""A training whose processes are the workers of a Ray cluster, through Ray Train."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.core.ray_cluster import cluster

# Seconds between looks at what the workers say.
_LOOK = 0.3


def run_on_ray(arguments: Sequence[str], workers: int) -> None:
    """Run `edgetext ARGUMENTS`, a command that trains, in so many workers which train together.

    Each starts the command in the current folder, which all machines of the cluster must share; the
    first one writes. The cluster is the one of RAY_ADDRESS, or one that is started for the run.
    EdgetextError where Ray Train is not installed, or a worker fails.
    """
    ray, trainer_class, configs = _ray_train()
    try:
        with cluster(ray, workers), _followed() as log:
            config = {"arguments": list(arguments), "folder": str(Path.cwd()), "path": sys.path}
            config["log"] = str(log)
            scaling = configs.ScalingConfig(num_workers=workers)
            trainer_class(_work, train_loop_config=config, scaling_config=scaling).fit()
    except Exception as error:  # the kinds of Ray's core and of Ray Train have nothing in common
        raise EdgetextError(_sentence(error)) from error


def _ray_train() -> tuple[Any, Any, Any]:
    try:
        import ray
        import ray.train
        from ray.train.torch import TorchTrainer
    except ImportError as error:
        raise EdgetextError(
            "`--on ray` needs Ray Train, which is not installed; `pip install 'edgetext[ray]'`"
        ) from error
    return ray, TorchTrainer, ray.train


def _work(config: dict[str, Any]) -> None:
    """Run the command as one of the processes, each of which torchrun would start otherwise."""
    import ray.train
    from ray.train.collective import broadcast_from_rank_zero

    context = ray.train.get_context()
    rank, count = context.get_world_rank(), context.get_world_size()
    host, port = broadcast_from_rank_zero(_free_address() if rank == 0 else None)
    environment = {
        **os.environ,
        "RANK": str(rank),
        "WORLD_SIZE": str(count),
        "LOCAL_RANK": str(context.get_local_rank()),
        "LOCAL_WORLD_SIZE": str(context.get_local_world_size()),
        "MASTER_ADDR": host,
        "MASTER_PORT": str(port),
        "PYTHONPATH": os.pathsep.join(config["path"]),
    }
    words = [sys.executable, "-m", "edgetext", *config["arguments"]]
    with Path(config["log"]).open("ab") as log:
        status = subprocess.call(
            words, cwd=config["folder"], env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    if status != 0:
        raise RuntimeError(f"process {rank} ended with status {status}")


@contextmanager
def _followed() -> Iterator[Path]:
    """Make a file in the current folder, and write to stderr what comes into it while the block
    runs; it is deleted."""
    handle, name = tempfile.mkstemp(prefix=".edgetext-ray-", suffix=".log", dir=Path.cwd())
    os.close(handle)
    ended = threading.Event()

    def follow() -> None:
        with open(name, encoding="utf-8", errors="replace") as log:
            while True:
                last = ended.wait(_LOOK)
                sys.stderr.write(log.read())
                sys.stderr.flush()
                if last:
                    return

    follower = threading.Thread(target=follow, daemon=True)
    follower.start()
    try:
        yield Path(name)
    finally:
        ended.set()
        follower.join()
        Path(name).unlink(missing_ok=True)


def _free_address() -> tuple[str, int]:
    """Give the address of this machine in the cluster, and a port that is free on it."""
    import ray.util

    with socket.socket() as free:
        free.bind(("", 0))
        return ray.util.get_node_ip_address(), free.getsockname()[1]


def _sentence(error: BaseException) -> str:
    """Say what ended the run; what a worker itself said stands above."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    reason = lines[-1] if lines else type(error).__name__
    return f"the run on Ray ended ({reason}); the last state, if there is one, is kept"
