"""The command line runs as a module too."""

import subprocess
import sys


def test_the_package_runs_as_a_module_and_refuses_like_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "twitchwise", "measure", "nothing.edf"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == "twitchwise: recording must be a file that exists, got 'nothing.edf'.\n"
