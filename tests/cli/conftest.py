"""Runs the command line in this process, as a shell would see it."""

import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from twitchwise.cli import main


class Outcome(NamedTuple):
    """What a shell sees of a command."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``twitchwise`` with arguments and return exit code, output and error stream."""

    def run_command(*arguments: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["twitchwise", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        caught = capsys.readouterr()
        code = ended.value.code
        return Outcome(code if isinstance(code, int) else 0, caught.out, caught.err)

    return run_command
