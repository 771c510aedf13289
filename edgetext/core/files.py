"""Reading and writing whole files: atomic, and with errors in words."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

from edgetext.core.errors import EdgetextError

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FULL_MARGIN = 64 * 1024  # bytes; a file system with less free than this counts as full


@contextlib.contextmanager
def atomic_path(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A temporary path in the folder of `path`; it becomes `path` when the block ends well.

    Missing folders are made. The temporary name keeps the suffix, because some writers choose a
    format by it. When the block raises anything, Ctrl-C included, the temporary file goes and an
    older file at `path` stays as it was. A link stays, too: what it leads to is written. A full
    disk, a missing right or an impossible path is an EdgetextError, also where a C++ writer reports
    the full disk as some other exception.
    """
    path = _written(path)
    temporary = path.with_name(f".{path.stem[:100]}.{os.urandom(4).hex()}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        _flush(temporary)
        os.replace(temporary, path)
    except OSError as error:
        if _is_about(error, temporary, path):
            raise EdgetextError(f"{path}: {_write_reason(_numbered(error, path))}") from error
        raise
    except EdgetextError:
        raise
    except Exception as error:
        if is_full(path.parent):
            raise EdgetextError(f"{path}: {_write_reason(_full())}") from error
        raise
    finally:
        _discard(temporary)


@contextlib.contextmanager
def atomic_folder(path: str | os.PathLike[str]) -> Iterator[Path]:
    """What atomic_path is of a file, of a folder that the block makes.

    An older folder at `path` gives way when the block ends well; EdgetextError where a file is.
    """
    path = _written(path)
    if path.exists() and not path.is_dir():
        raise EdgetextError(f"{path}: this is a file, and a folder is to be written; move it away")
    mark = os.urandom(4).hex()
    temporary = path.with_name(f".{path.stem[:100]}.{mark}{path.suffix}")
    older = temporary.with_suffix(".old")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        if path.exists():
            os.replace(path, older)
        os.replace(temporary, path)
    except OSError as error:
        if _is_about(error, temporary, path):
            raise EdgetextError(f"{path}: {_write_reason(_numbered(error, path))}") from error
        raise
    finally:
        if older.exists() and not path.exists():
            os.replace(older, path)
        for folder in (temporary, older):
            shutil.rmtree(folder, ignore_errors=True)


def write_bytes(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file atomically; EdgetextError when it cannot be written."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)


def write_text(path: str | os.PathLike[str], content: str) -> None:
    """Write a UTF-8 file atomically; EdgetextError when it cannot be written."""
    write_bytes(path, content.encode("utf-8"))


def check_writable(path: str | os.PathLike[str]) -> None:
    """EdgetextError where a file or folder could not be written at `path`, as atomic_path and
    atomic_folder write one; nothing is left of the look.

    For what takes long and writes at its end. Folders that are missing are not made yet, and of a
    folder that is there it is what lies in it that must be writable.
    """
    path = _written(path)
    folder = path if path.is_dir() else path.parent
    while not os.path.lexists(folder) and folder != folder.parent:
        folder = folder.parent
    # A file system may be read-only or full whatever the rights say, so one is made.
    probe = folder / f".{os.urandom(8).hex()}"
    try:
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        probe.unlink()
    except OSError as error:
        raise EdgetextError(f"{path}: {_write_reason(error)}") from error


def _written(path: str | os.PathLike[str]) -> Path:
    """Give what a new file or folder at `path` takes the place of: where it is a link, what that
    leads to.

    EdgetextError for a device or a pipe, which a file put there would replace for all programs, and
    for links that go round.
    """
    path = Path(path)
    if os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path):
        raise EdgetextError(
            f"{path}: this is a device or a pipe, and a file is written as a whole; give the path "
            "of a file"
        )
    if not os.path.islink(path):
        return path
    real = Path(os.path.realpath(path))
    if os.path.islink(real):
        raise EdgetextError(f"{path}: this link leads to itself; choose another path")
    return real


def make_folder(path: str | os.PathLike[str]) -> None:
    """Make a folder with those above it, where it is not there; EdgetextError when it cannot be
    made."""
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EdgetextError(f"{path}: {_write_reason(error)}") from error


def write_private(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file atomically that its owner alone may read; EdgetextError when it cannot be
    written."""
    with atomic_path(path) as temporary:
        # Before there is anything in it.
        os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        temporary.write_bytes(content)


@contextlib.contextmanager
def alone_in(folder: str | os.PathLike[str]) -> Iterator[None]:
    """Keep other processes out of a folder that is there, while the block runs.

    EdgetextError when another one is in such a block. The lock goes with the process, however that
    ends; where the system has none (Windows), nothing is kept out.
    """
    busy = (
        f"{folder}: another process is working in it; wait for it, or give another folder with -o"
    )
    with _locked(folder, busy):
        yield


@contextlib.contextmanager
def alone_with(file: str | os.PathLike[str]) -> Iterator[None]:
    """Keep other processes from a file that grows, while the block runs; see alone_in.

    The file is made where it is not there, its folder too; one that is empty at the end goes.
    EdgetextError, too, where it cannot be written.
    """
    path = Path(file)
    busy = f"{path}: another process is writing it; wait for it, or give another file with -o"
    make_folder(path.parent)
    try:
        path.touch()
    except OSError as error:
        raise EdgetextError(f"{path}: {_write_reason(error)}") from error
    with _locked(path, busy):
        try:
            yield
        finally:
            if path.exists() and not path.stat().st_size:
                path.unlink()


@contextlib.contextmanager
def in_turn(folder: str | os.PathLike[str]) -> Iterator[None]:
    """Run the block when no other process is in such a block of a folder that is there: where
    alone_in is refused, this waits."""
    with _locked(folder, None):
        yield


@contextlib.contextmanager
def _locked(path: str | os.PathLike[str], busy: str | None) -> Iterator[None]:
    """Hold the lock of a file or folder that is there; EdgetextError, `busy`, where it is held.

    busy: None to wait for it.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (fcntl.LOCK_NB if busy else 0))
        except BlockingIOError as error:
            raise EdgetextError(busy) from error
        if busy and not _is_there(descriptor, path):
            # Its last owner deleted it meanwhile, and another process may have made a new one.
            raise EdgetextError(busy)
        yield
    finally:
        os.close(descriptor)


def _is_there(descriptor: int, path: str | os.PathLike[str]) -> bool:
    """Tell whether an open file is still the one at the path."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """A file's bytes; EdgetextError when it is missing, a folder or not readable."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise EdgetextError(f"{path}: {_read_reason(error)}") from error


def open_bytes(path: str | os.PathLike[str]) -> BufferedReader:
    """Open a file to read its bytes; EdgetextError when it is missing, a folder or not readable."""
    try:
        return open(path, "rb")
    except OSError as error:
        raise EdgetextError(f"{path}: {_read_reason(error)}") from error


def sha256(path: str | os.PathLike[str]) -> str:
    """The file's SHA-256 in hexadecimal; EdgetextError when it cannot be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EdgetextError(f"{path}: {_read_reason(error)}") from error


def _flush(path: Path) -> None:
    """Bring the bytes to the disk, so that the new name never shows an empty file."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())


def _discard(path: Path) -> None:
    # An error here means that the folder is not one, or not ours: nothing was written there either.
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def _is_about(error: OSError, temporary: Path, path: Path) -> bool:
    """Whether the error came from writing here, and not from a file that the block was reading."""
    if error.errno in _FULL or error.filename is None:
        return True
    named = Path(os.fsdecode(error.filename))
    return named in (temporary, path) or named in path.parents


def _full() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _numbered(error: OSError, path: Path) -> OSError:
    """The error with its number, which NumPy's of a full disk lacks."""
    return _full() if error.errno is None and is_full(path.parent) else error


def is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _FULL_MARGIN
    except OSError:
        return False


def _write_reason(error: OSError) -> str:
    if error.errno in _FULL:
        return "the disk is full; nothing was written; free some space or choose another folder"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "no right to write here; choose another path"
    if error.errno == errno.EISDIR:
        return "this is a folder; give the path of a file"
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return "a part of this path is a file and not a folder; choose another path"
    return f"cannot be written ({_words(error)}); choose another path"


def _read_reason(error: OSError) -> str:
    if error.errno == errno.ENOENT:
        return "there is no such file; check the path"
    if error.errno == errno.EISDIR:
        return "this is a folder; give the path of a file"
    if error.errno in (errno.EACCES, errno.EPERM):
        return "no right to read this file; change its permissions"
    return f"cannot be read ({_words(error)})"


def _words(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
