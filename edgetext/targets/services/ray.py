"""Ray Serve: an application folder, `serve run app:app`."""

from __future__ import annotations

from edgetext.registry import register
from edgetext.targets.services.service import Files, Served, Service, template
from edgetext.version import __version__


@register("service", "ray")
class RayServe(Service):
    """Write app.py, which answers as `edgetext serve` does at `/v1/predict`, and what it needs."""

    name = "ray"
    next_step = "cd {folder} && pip install -r requirements.txt && serve run app:app"

    def files(self, served: Served) -> Files:
        needs = f"edgetext=={__version__}\nray[serve]>=2.60,<3\n"
        return {
            "app.py": template("ray_app.txt", file=served.file),
            "requirements.txt": needs.encode("ascii"),
            served.file: served.content,
        }
