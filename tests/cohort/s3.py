"""Object storage for the tests of studies: a server of S3 on this machine, and data sets put into it."""

import uuid
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

S3Set = Callable[[Path], str]
"""Puts a folder into a bucket of its own and returns its address."""

REGION = "us-east-1"


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """Serve S3 on a free port, and give its address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of packages below moto, about their own future
        from moto.server import ThreadedMotoServer  # noqa: PLC0415

        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3_set(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Set]:
    """Put folders into S3; fsspec finds the server by its configuration and the environment, as for other people."""
    import fsspec.config  # noqa: PLC0415 - only where a test needs it
    import s3fs  # noqa: PLC0415

    for name, value in (
        ("AWS_ACCESS_KEY_ID", "testing"),
        ("AWS_SECRET_ACCESS_KEY", "testing"),
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_ENDPOINT_URL", s3_server),
        ("FSSPEC_S3_ENDPOINT_URL", s3_server),
    ):
        monkeypatch.setenv(name, value)
    for name in ("AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    # fsspec reads the environment once, when it is imported.
    monkeypatch.setitem(fsspec.config.conf, "s3", {"endpoint_url": s3_server})
    s3fs.S3FileSystem.clear_instance_cache()
    yield _put
    s3fs.S3FileSystem.clear_instance_cache()


def _put(folder: Path) -> str:
    system = storage()
    bucket = f"set-{uuid.uuid4().hex[:12]}"
    system.mkdir(bucket)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            system.pipe_file(f"{bucket}/{folder.name}/{path.relative_to(folder).as_posix()}", path.read_bytes())
    return f"s3://{bucket}/{folder.name}"


def storage() -> Any:  # noqa: ANN401 - a file system of fsspec, which has no types
    """Return S3 as fsspec opens it."""
    import s3fs  # noqa: PLC0415

    return s3fs.S3FileSystem()
