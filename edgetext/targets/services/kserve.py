"""KServe: `edgetext serve` in a container, and the manifests that run it on Kubernetes."""

from __future__ import annotations

from edgetext.registry import register
from edgetext.targets.services.service import Files, Served, Service, template

_SERVES = ("h11", "httptools", "prometheus-client", "rich", "uvicorn", "uvloop")


@register("service", "kserve")
class KServe(Service):
    """Write a Containerfile with the model inside, and two manifests of an InferenceService: one
    of that image, one of an image whose model comes from a storageUri."""

    name = "kserve"
    next_step = (
        "podman build -t IMAGE {folder}   and, IMAGE set in it,   "
        "kubectl apply -f {folder}/inference_service.yaml"
    )

    def files(self, served: Served) -> Files:
        # It reads what is installed, for which whoever only loads a file would wait, too.
        from edgetext.targets.services.pinned import requirements

        values = {"name": served.label, "file": served.file, "model": served.metadata.name}
        return {
            "Containerfile": template("Containerfile.txt", **values),
            "inference_service.yaml": template("inference_service.txt", **values),
            "inference_service_storage.yaml": template("inference_service_storage.txt", **values),
            "requirements.txt": requirements(*_SERVES),
            f"models/{served.file}": served.content,
        }
