"""A repository in MLflow's model registry.

A model is a registered model, a version a model version whose source is a run's artifacts: the
file, its card and its manifest. The model version is made last, so that a publisher that is killed
leaves a run without a version. Tags of it have the file's SHA-256, by which it is found, and the
signatures. A stage is an alias, as MLflow's own clients read and set it; its journal (see stages)
is in tags of the registered model, one an event, which no other writer writes. Where somebody else
moved an alias, the alias counts, and stands last in the journal.

MLflow has no write that depends on what was there. Two publishers at once set the alias until the
journal stays as they read it, so that the last to write is one that has seen all events; only one
that is killed just after such a write leaves the alias at its own event, to the next that stages.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edgetext.core.errors import EdgetextError
from edgetext.publishing.manifest import Manifest, read_manifest
from edgetext.publishing.repository import MLFLOW, Repository
from edgetext.publishing.stages import (
    Event,
    Journal,
    is_key,
    new_event,
    order,
    read_event,
    versions_in_turn,
)

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion, RegisteredModel

EXPERIMENT = "edgetext"
MANIFEST = "manifest.json"
# What MLflow reads from the environment, where the user has not chosen: it counts its use nowhere,
# shows no bars, and gives up within half a minute where nobody answers, and not after several.
_ENVIRONMENT = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "3",
    "MLFLOW_LOGGING_LEVEL": "WARNING",
}
DIGEST, SIGNATURE, STAGE = "edgetext_sha256", "edgetext_signature.", "edgetext_stage."


class MlflowRepository(Repository):
    """See Repository."""

    def __init__(self, address: str) -> None:
        uri = address.removeprefix(MLFLOW)
        if not uri:
            raise EdgetextError(
                f"{address}: the registry's address is missing; give mlflow:http://host:5000 or "
                "mlflow:sqlite:///registry.db"
            )
        for variable, value in _ENVIRONMENT.items():
            os.environ.setdefault(variable, value)
        try:
            import mlflow
        except ImportError as error:
            raise EdgetextError(
                f"{address}: this address needs MLflow; add it with `pip install "
                "'edgetext[mlflow]'`"
            ) from error
        self.address = address
        with self._reached():
            self._client = mlflow.MlflowClient(tracking_uri=uri, registry_uri=uri)

    def names(self) -> list[str]:
        with self._reached():
            pages = _paged(self._client.search_registered_models)
            names = [model.name for model in pages if model.latest_versions]
        return sorted(name for name in names if self._versions(name))

    def _versions(self, name: str) -> list[ModelVersion]:
        """Give the model versions that edgetext published, the oldest first."""
        with self._reached():
            pages = list(
                _paged(self._client.search_model_versions, filter_string=f"name = '{name}'")
            )
        published = [version for version in pages if DIGEST in version.tags]
        return sorted(published, key=lambda version: int(version.version))

    def _version(self, name: str, version: str) -> ModelVersion | None:
        """Give the oldest model version of a content."""
        each = (each for each in self._versions(name) if each.tags[DIGEST] == version)
        return next(each, None)

    def readers(self, name: str) -> dict[str, Callable[[], Manifest | None]]:
        first = {each.tags[DIGEST]: each for each in reversed(self._versions(name))}
        return {digest: partial(self._manifest, version) for digest, version in first.items()}

    def manifest(self, name: str, version: str) -> Manifest | None:
        known = self._version(name, version)
        return None if known is None else self._manifest(known)

    def _manifest(self, version: ModelVersion) -> Manifest:
        content = self._artifact(version, MANIFEST)
        source = f"{self.address}#{version.name} (version {version.version})"
        return read_manifest(content, version.name, version.tags[DIGEST], source)

    def add(self, manifest: Manifest, content: bytes, card: bytes | None) -> None:
        files = {manifest.file: content, MANIFEST: manifest.to_json()}
        if card is not None:
            files[manifest.card] = card
        client = self._client
        with self._reached(), tempfile.TemporaryDirectory() as folder:
            experiment = client.get_experiment_by_name(EXPERIMENT)
            number = experiment.experiment_id if experiment else _experiment(client)
            run = client.create_run(number, run_name=manifest.name, tags={DIGEST: manifest.version})
            for name, part in files.items():
                path = Path(folder, name)
                path.write_bytes(part)
                client.log_artifact(run.info.run_id, str(path))
            client.set_terminated(run.info.run_id)
            _make_model(client, manifest.name)
            client.create_model_version(
                manifest.name,
                run.info.artifact_uri,
                run.info.run_id,
                tags={DIGEST: manifest.version},
                description=f"{manifest.file}, published by edgetext {manifest.published_by}",
            )

    def remove(self, manifest: Manifest) -> None:
        name, version = manifest.name, manifest.version
        while (known := self._version(name, version)) is not None:
            if any(self.current(name, stage) == version for stage in self.stages(name)):
                return
            with self._reached():
                self._client.delete_model_version(name, str(known.version))
                self._client.delete_run(known.run_id)

    def content(self, manifest: Manifest) -> bytes:
        return self._part(manifest, manifest.file)

    def card(self, manifest: Manifest) -> bytes | None:
        return self._part(manifest, manifest.card) if manifest.card else None

    def _part(self, manifest: Manifest, file: str) -> bytes:
        version = self._version(manifest.name, manifest.version)
        if version is None:
            raise EdgetextError(
                f"{self.address}#{manifest.name}: the version {manifest.version[:12]} is not there "
                "any more; publish it again"
            )
        return self._artifact(version, file)

    def _artifact(self, version: ModelVersion, file: str) -> bytes:
        with self._reached(), tempfile.TemporaryDirectory() as folder:
            return Path(self._client.download_artifacts(version.run_id, file, folder)).read_bytes()

    def signatures(self, name: str, version: str) -> dict[str, bytes]:
        known = self._version(name, version)
        tags = {} if known is None else known.tags
        return {
            key.removeprefix(SIGNATURE): content.encode()
            for key, content in tags.items()
            if key.startswith(SIGNATURE)
        }

    def add_signature(self, name: str, version: str, key_id: str, signature: bytes) -> None:
        known = self._version(name, version)
        if known is not None:
            with self._reached():
                self._client.set_model_version_tag(
                    name, str(known.version), f"{SIGNATURE}{key_id}", signature.decode()
                )

    def stages(self, name: str) -> list[str]:
        aliases = self._model(name).aliases
        return sorted(stage for stage in aliases if self.current(name, stage))

    def journal(self, name: str, stage: str) -> Journal:
        events = {}
        beginning = f"{STAGE}{stage}."
        for tag, content in self._model(name).tags.items():
            key = tag.removeprefix(beginning)
            if tag.startswith(beginning) and is_key(key):
                events[key] = read_event(content, f"{self.address}#{name}, tag {tag}")
        return {key: events[key] for key in sorted(events, key=order)}

    def current(self, name: str, stage: str) -> str:
        number = self._model(name).aliases.get(stage)
        each = (x.tags[DIGEST] for x in self._versions(name) if str(x.version) == str(number))
        return next(each, "")

    def in_turn(self, name: str, stage: str) -> list[str]:
        events = list(self.journal(name, stage).values())
        current = self.current(name, stage)
        if current and (not events or events[-1].version != current):
            events.append(new_event("stage", current, ""))
        return versions_in_turn(events)

    def append(self, name: str, stage: str, key: str, event: Event) -> None:
        with self._reached():
            tag = f"{STAGE}{stage}.{key}"
            self._client.set_registered_model_tag(name, tag, event.to_json())
        self._set_alias(name, stage)

    def withdraw(self, name: str, stage: str, key: str) -> None:
        with self._reached():
            self._client.delete_registered_model_tag(name, f"{STAGE}{stage}.{key}")
        self._set_alias(name, stage)

    def _set_alias(self, name: str, stage: str) -> None:
        """Bring the alias to where the journal ends, until it is there: two publishers may do so at
        once, and the last one of them to write must be one that has seen all events."""
        while True:
            events = list(self.journal(name, stage).values())
            known = self._version(name, events[-1].version) if events else None
            with self._reached():
                if known is not None:
                    self._client.set_registered_model_alias(name, stage, str(known.version))
            again = list(self.journal(name, stage).values())
            if again == events:
                return

    def _model(self, name: str) -> RegisteredModel:
        with self._reached():
            return self._client.get_registered_model(name)

    @contextlib.contextmanager
    def _reached(self) -> Iterator[None]:
        """Put what MLflow and what is below it raise into a sentence."""
        try:
            yield
        except EdgetextError:
            raise
        except Exception as error:
            lines = str(getattr(error, "message", error)).strip().splitlines()
            reason = lines[0] if lines else type(error).__name__
            raise EdgetextError(
                f"{self.address}: MLflow's registry cannot be read or written ({reason}); check "
                "the address"
            ) from error


def _paged(search: Any, **arguments: Any) -> Iterator[Any]:
    """Give all that a search finds."""
    token = None
    while True:
        page = search(page_token=token, **arguments)
        yield from page
        token = page.token
        if not token:
            return


def _experiment(client: Any) -> str:
    """Make the experiment of edgetext's runs; another publisher may have made it meanwhile."""
    from mlflow.exceptions import MlflowException

    try:
        return str(client.create_experiment(EXPERIMENT))
    except MlflowException:
        experiment = client.get_experiment_by_name(EXPERIMENT)
        if experiment is None:
            raise
        return str(experiment.experiment_id)


def _make_model(client: Any, name: str) -> None:
    """Make the registered model where it is not there."""
    from mlflow.exceptions import MlflowException

    try:
        client.create_registered_model(name)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
