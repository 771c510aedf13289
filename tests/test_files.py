"""Files: atomic, and with errors in words."""

import errno
import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

import edgetext.core.files as files
from edgetext.core.errors import EdgetextError
from edgetext.core.files import (
    alone_in,
    alone_with,
    atomic_folder,
    atomic_path,
    check_writable,
    in_turn,
    read_bytes,
    sha256,
    write_bytes,
    write_text,
)


def test_the_file_appears_whole_when_the_block_ends(tmp_path):
    target = tmp_path / "new" / "folder" / "model.onnx"
    with atomic_path(target) as temporary:
        assert temporary.parent == target.parent
        assert temporary.suffix == ".onnx"
        temporary.write_bytes(b"whole")
        assert not target.exists()
    assert target.read_bytes() == b"whole"
    assert os.listdir(target.parent) == ["model.onnx"]


@pytest.mark.parametrize("exception", [ValueError, KeyboardInterrupt, EdgetextError])
def test_an_exception_leaves_the_old_file_and_no_temporary_one(tmp_path, exception):
    target = tmp_path / "model.pt"
    target.write_bytes(b"old")
    with pytest.raises(exception), atomic_path(target) as temporary:
        temporary.write_bytes(b"half")
        raise exception
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["model.pt"]


@pytest.mark.parametrize("there", [True, False])
def test_what_a_link_leads_to_is_written_and_the_link_stays(tmp_path, there):
    target, link = tmp_path / "large" / "model.pt", tmp_path / "model.pt"
    target.parent.mkdir()
    if there:
        target.write_bytes(b"old")
    link.symlink_to("large/model.pt")
    check_writable(link)
    with atomic_path(link) as temporary:
        assert temporary.parent == target.parent
        temporary.write_bytes(b"new")
    assert link.is_symlink() and target.read_bytes() == b"new"


def test_a_folder_that_a_link_leads_to_is_written_and_the_link_stays(tmp_path):
    (tmp_path / "large").mkdir()
    (tmp_path / "link").symlink_to("large")
    with atomic_folder(tmp_path / "link") as temporary:
        temporary.mkdir()
        (temporary / "file").write_bytes(b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "large" / "file").read_bytes() == b"new"


def test_a_link_that_leads_to_itself_is_one_sentence(tmp_path):
    link = tmp_path / "model.pt"
    link.symlink_to("model.pt")
    with pytest.raises(EdgetextError, match=r"model\.pt: this link leads to itself"):
        check_writable(link)


def test_a_pipe_is_no_file_that_is_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    link = tmp_path / "stdout"
    link.symlink_to("pipe")
    for path in (pipe, link):
        for write in (check_writable, lambda path: write_bytes(path, b"new")):
            with pytest.raises(EdgetextError, match="this is a device or a pipe"):
                write(path)
    assert pipe.is_fifo() and link.is_symlink()
    assert sorted(os.listdir(tmp_path)) == ["pipe", "stdout"]


def test_a_full_disk_is_one_sentence_with_the_path(tmp_path):
    target = tmp_path / "model.pt"
    with (
        pytest.raises(EdgetextError, match=r"model\.pt: the disk is full"),
        atomic_path(target) as temporary,
    ):
        temporary.write_bytes(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert os.listdir(tmp_path) == []


def test_a_really_full_device_is_one_sentence(tmp_path):
    with (
        pytest.raises(EdgetextError, match=r"model\.pt: the disk is full"),
        atomic_path(tmp_path / "model.pt"),
        open("/dev/full", "wb", buffering=0) as device,
    ):
        device.write(b"x")


def test_a_full_disk_that_a_library_hides_is_told_as_such(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "is_full", lambda folder: True)
    with (
        pytest.raises(EdgetextError, match="the disk is full"),
        atomic_path(tmp_path / "model.pt"),
    ):
        raise RuntimeError("PytorchStreamWriter failed writing file")


def test_an_error_of_another_file_passes_through(tmp_path):
    with pytest.raises(FileNotFoundError), atomic_path(tmp_path / "model.pt"):
        (tmp_path / "absent").read_bytes()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_write_permission_is_one_sentence(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(EdgetextError, match=r"model\.pt: no right to write here"):
        write_bytes(tmp_path / "model.pt", b"x")


def test_a_denied_write_is_one_sentence(tmp_path, monkeypatch):
    def denied(path, content):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(Path, "write_bytes", denied)
    with pytest.raises(
        EdgetextError, match=r"model\.pt: no right to write here; choose another path"
    ):
        write_bytes(tmp_path / "model.pt", b"x")


def test_a_look_at_what_can_be_written_leaves_nothing(tmp_path):
    (tmp_path / "report.md").write_text("older")
    for name in ("report.md", "new.md", "a/b/new.md", "."):
        check_writable(tmp_path / name)
    assert os.listdir(tmp_path) == ["report.md"]


def test_what_cannot_be_written_is_seen_before(tmp_path, monkeypatch):
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(EdgetextError, match=r"runs/a/m\.pt: a part of this path is a file"):
        check_writable(tmp_path / "runs" / "a" / "m.pt")

    def refused(path, *rest):
        assert Path(path).parent == tmp_path
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(EdgetextError, match=r"b/m\.pt: no right to write here; choose another"):
        check_writable(tmp_path / "b" / "m.pt")


def test_a_folder_as_target_is_one_sentence(tmp_path):
    (tmp_path / "model.pt").mkdir()
    with pytest.raises(EdgetextError, match=r"model\.pt: this is a folder"):
        write_text(tmp_path / "model.pt", "x")
    assert os.listdir(tmp_path) == ["model.pt"]


def test_a_file_where_a_folder_should_be_is_one_sentence(tmp_path):
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(EdgetextError, match=r"runs/a/model\.pt: a part of this path is a file"):
        write_text(tmp_path / "runs" / "a" / "model.pt", "x")


def test_reading_errors_are_sentences(tmp_path):
    with pytest.raises(EdgetextError, match="absent: there is no such file"):
        read_bytes(tmp_path / "absent")
    with pytest.raises(EdgetextError, match="this is a folder"):
        read_bytes(tmp_path)
    with pytest.raises(EdgetextError, match="absent: there is no such file"):
        sha256(tmp_path / "absent")


def test_sha256_is_that_of_the_bytes(tmp_path):
    write_text(tmp_path / "é.txt", "né")
    assert sha256(tmp_path / "é.txt") == hashlib.sha256("né".encode()).hexdigest()


def test_a_folder_is_one_process_s_until_it_ends(tmp_path):
    program = (
        "import sys; from edgetext.core.files import alone_in\n"
        "with alone_in(sys.argv[1]): print('in', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert other.stdout.readline() == b"in\n"
    with pytest.raises(EdgetextError, match="another process is working in it"), alone_in(tmp_path):
        pass
    other.kill()
    other.communicate()
    with alone_in(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_processes_take_turns_in_a_folder(tmp_path):
    program = (
        "import sys; from edgetext.core.files import in_turn\n"
        "print('waits', flush=True)\n"
        "with in_turn(sys.argv[1]): print(open(sys.argv[1] + '/note').read())"
    )
    with in_turn(tmp_path):
        other = subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE
        )
        assert other.stdout.readline() == b"waits\n"
        (tmp_path / "note").write_text("written in the block before")
    assert other.communicate()[0] == b"written in the block before\n"


def test_a_file_is_one_process_s_and_goes_where_nothing_was_written(tmp_path):
    path = tmp_path / "deep" / "results"
    with alone_with(path):
        with pytest.raises(EdgetextError, match="another process is writing it"), alone_with(path):
            pass
        assert path.exists()
    assert not path.exists()
    with alone_with(path):
        path.write_text("a")
    assert path.read_text() == "a"


def test_a_lock_is_not_taken_on_a_file_that_is_there_no_longer(tmp_path, monkeypatch):
    path, lock = tmp_path / "results", fcntl.flock

    def late(descriptor, operation):
        lock(descriptor, operation)
        path.unlink()  # as its last owner does, at the same time

    monkeypatch.setattr(fcntl, "flock", late)
    with pytest.raises(EdgetextError, match="another process is writing it"), alone_with(path):
        pass


def test_a_file_that_cannot_be_written_is_an_error_in_words(tmp_path):
    write_text(tmp_path / "file", "")
    path = tmp_path / "file" / "results"
    with pytest.raises(EdgetextError, match="is a file and not a folder"), alone_with(path):
        pass
