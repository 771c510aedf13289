"""`edgetext serve`: what it refuses."""

import importlib.util

import pytest

pytest.importorskip("uvicorn")


def test_a_missing_model_is_said(refused, tmp_path):
    assert "no.onnx" in refused("serve", tmp_path / "no.onnx")


def test_two_models_of_one_name_are_told_apart(refused, classify_files):
    path = classify_files.onnx
    assert f"{path}=NAME" in refused("serve", path, path)


@pytest.mark.parametrize("content", ["", "two words", "ä"])
def test_a_token_is_one_word(refused, classify_files, tmp_path, content):
    file = tmp_path / "token"
    file.write_text(content, "utf-8")
    assert "one token" in refused("serve", classify_files.onnx, "--token-file", file)


def test_texts_are_not_in_lines_that_are_not_written(refused, classify_files):
    assert "--no-log" in refused("serve", classify_files.onnx, "--no-log", "--log-text")


def test_a_host_that_is_none_is_said(refused, classify_files):
    said = refused("serve", classify_files.onnx, "--host", "256.0.0.1", "--port", "0")
    assert "256.0.0.1:0: the server cannot listen" in said


def test_the_extra_is_named_where_it_is_missing(refused, classify_files, monkeypatch):
    before = importlib.util.find_spec

    def without(name, *rest):
        return None if name == "prometheus_client" else before(name, *rest)

    monkeypatch.setattr(importlib.util, "find_spec", without)
    assert "pip install 'edgetext[serve]'" in refused("serve", classify_files.onnx)
