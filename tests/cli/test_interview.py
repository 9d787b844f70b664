"""The interview in the terminal: own words, checklists, open answers, and an end that is said aloud."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from twitchwise.assess.questions import STOP_SENTENCE
from twitchwise.knowledge import library

Run = Callable[..., Any]
KNOWN = library()


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Answer prompts by what they ask, and keep them; a prompt that nothing fits gets "?"."""

    def answering(**answers: str) -> list[str]:
        asked: list[str] = []
        said: dict[str, Iterator[str]] = {key: iter(value.split("|")) for key, value in answers.items()}

        def reply(prompt: str = "") -> str:
            asked.append(prompt)
            for key, replies in said.items():
                if key.replace("_", " ") in prompt.lower():
                    return next(replies, "?")
            return "?"

        monkeypatch.setattr("builtins.input", reply)
        return asked

    return answering


def test_an_emergency_sign_ends_the_interview_at_once(run: Run, answer: Callable[..., list[str]]) -> None:
    asked = answer(numbers_of_those="1")
    done = run("check")
    assert done.code == 0
    assert len(asked) <= 2
    assert "Get emergency help now" in done.out or "Get medical help today" in done.out


def test_what_is_told_in_own_words_is_shown_back_and_taken(run: Run, answer: Callable[..., list[str]]) -> None:
    answer(numbers_of_those="0", own_words="My left calf twitches for 3 days. No weakness.", is_that_right="y")
    out = run("check").out
    assert "Understood:" in out
    assert "twitches in a muscle" in out
    assert "calf" in out


def test_an_emergency_told_in_own_words_ends_the_interview_at_once(run: Run, answer: Callable[..., list[str]]) -> None:
    asked = answer(
        numbers_of_those="0", own_words="My legs are weak and I am short of breath lying flat.", is_that_right="y"
    )
    assert "Get emergency help now" in run("check").out
    assert len(asked) == 3  # the signs, the words, and whether they were understood


def test_what_was_understood_wrongly_is_left_out(run: Run, answer: Callable[..., list[str]]) -> None:
    answer(numbers_of_those="0|q", own_words="My left calf twitches.", is_that_right="n")
    assert "You answered yes to" not in run("check").out


def test_words_that_mean_nothing_lead_to_the_questions(run: Run, answer: Callable[..., list[str]]) -> None:
    answer(numbers_of_those="0", own_words="blue sky")
    assert "Nothing was recognized" in run("check").out


def test_the_end_of_asking_is_said_aloud_and_comes_within_reason(run: Run, answer: Callable[..., list[str]]) -> None:
    asked = answer(numbers_of_those="0", own_words="", y_n="n", number="3")
    done = run("check")
    assert STOP_SENTENCE[:30] in " ".join(done.out.split())
    assert len(asked) <= 40


def test_a_wrong_answer_is_asked_again_in_one_sentence(run: Run, answer: Callable[..., list[str]]) -> None:
    answer(numbers_of_those="perhaps|99|0", own_words="q", y_n="q")
    out = run("check").out
    assert "An answer must be numbers from 0 to" in out


def test_nobody_there_gives_a_result_that_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: str = "") -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    done = run("check")
    assert done.code == 0
    assert "emergency" in done.out.lower()
