"""The snippets of the page on reading a study run as they stand there."""

import re
from pathlib import Path

import pytest
from tests.report.study.simulated import Plan, simulated

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how_to" / "read_a_study.md"
SNIPPETS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("snippet", SNIPPETS, ids=["pandas", "polars", "DuckDB", "page"])
def test_a_snippet_runs_and_prints(
    snippet: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    simulated(tmp_path / "study", Plan(n_participants=4))
    monkeypatch.chdir(tmp_path)
    exec(compile(snippet, "snippet", "exec"), {})  # noqa: S102 - our own documentation
    assert len(capsys.readouterr().out.strip()) > 40
