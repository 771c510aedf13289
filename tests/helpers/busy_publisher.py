"""One of several publishers that work at once.

    python busy_publisher.py ADDRESS WORD COUNT [prune]

Publishes COUNT contents of its own, and as many that the others publish as well, and stages each;
with `prune` it takes away what is needless after each. Prints the versions that it staged.
"""

import sys

from manifests import manifest_of

from edgetext.core.errors import EdgetextError
from edgetext.publishing.pruning import prune
from edgetext.publishing.repository import open_repository


def main(address, word, count, *rest):
    repository = open_repository(address)
    for number in range(int(count)):
        for content in (f"{word} {number}".encode(), f"shared {number}".encode()):
            manifest = manifest_of(content)
            if repository.manifest("trips", manifest.version) is None:
                repository.add(manifest, content, None)
            try:
                repository.stage("trips", "production", manifest.version)
                sys.stdout.write(f"{manifest.version}\n")
            except EdgetextError as error:
                # Another one has pruned it just now.
                assert "pruned" in str(error), error
        if rest:
            prune(repository, "trips", 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
