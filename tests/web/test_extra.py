import importlib.util
import subprocess
import sys

import pytest

import twitchwise.web
from twitchwise.knowledge import Library
from twitchwise.vocabulary import MissingExtraError


def test_importing_the_room_loads_no_web_package() -> None:
    code = "import sys, twitchwise.web; print([m for m in ('fastapi', 'starlette', 'uvicorn') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)  # noqa: S603 - own code
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("missing", ["fastapi", "python_multipart", "uvicorn"])
def test_a_missing_package_is_answered_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, knowledge: Library, missing: str
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(twitchwise.web, "find_spec", lambda name: None if name == missing else find(name))
    with pytest.raises(MissingExtraError, match=r"pip install 'twitchwise\[web\]'"):
        twitchwise.web.application(knowledge)
    with pytest.raises(MissingExtraError):
        twitchwise.web.serve()
