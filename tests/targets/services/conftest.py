"""What tests of services share."""

import pytest

from edgetext.artifacts.service import export_service
from edgetext.targets.services.service import services


@pytest.fixture
def folder_of(tmp_path):
    """folder_of(service, model) -> the folder that is written."""

    def write(name, model, **options):
        return export_service(model, services()[name], tmp_path / name, **options).folder

    return write
