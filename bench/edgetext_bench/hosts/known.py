"""All hosts, and those that are asked for by name."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext_bench.hosts.emulated import emulated_hosts
from edgetext_bench.hosts.host import Host
from edgetext_bench.hosts.python_hosts import python_hosts
from edgetext_bench.runtimes.known import runtimes


def known_hosts(folder: Path, patterns: Sequence[str] = ()) -> list[Host]:
    """The hosts in the table's order, those that are missing here among them.

    folder: what is installed for them alone. patterns: names, as shells match them; all without.
    EdgetextError for one that no host has.
    """
    others = (host for runtime in runtimes() for host in runtime.others(folder))
    hosts = [*python_hosts(folder), *others, *emulated_hosts()]
    for pattern in patterns:
        if not any(fnmatchcase(host.name, pattern) for host in hosts):
            names = ", ".join(host.name for host in hosts)
            raise EdgetextError(f"--host {pattern}: no host is called so (hosts: {names})")
    if not patterns:
        return hosts
    return [h for h in hosts if any(fnmatchcase(h.name, pattern) for pattern in patterns)]
