"""What a folder's search is."""

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.studies.plan import as_stored, known_plan, other_search, write_plan


def test_a_plan_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "new" / "plan.json"
    assert known_plan(path) is None
    plan = as_stored({"metrics": ("a", "b"), "limits": {"size": 1}})
    write_plan(path, plan)
    assert known_plan(path) == plan == {"metrics": ["a", "b"], "limits": {"size": 1}}


@pytest.mark.parametrize("content", ["no plan", "[]", ""])
def test_what_is_no_plan_is_refused(tmp_path, content):
    (tmp_path / "plan.json").write_text(content)
    with pytest.raises(EdgetextError, match="this is no plan of a search"):
        known_plan(tmp_path / "plan.json")


def test_a_folder_of_other_files_is_refused(tmp_path):
    (tmp_path / "letter.txt").touch()
    with pytest.raises(EdgetextError, match="there are other files in it"):
        known_plan(tmp_path / "plan.json")


def test_what_differs_is_said(tmp_path):
    assert "a search with another teacher sha256;" in str(other_search(tmp_path, "teacher_sha256"))
    assert "a search with other limits;" in str(other_search(tmp_path, "limits"))
