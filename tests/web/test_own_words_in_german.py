"""Own words in German: read as German whatever language the pages are in, and quoted in their own language."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from tests.web.conftest import Person
from tests.web.pseudo import speak_pseudo

from twitchwise.knowledge import library
from twitchwise.report.languages import LANGUAGES
from twitchwise.vocabulary.words import SITE_WORDS
from twitchwise.web import application
from twitchwise.web.own_words import LANGUAGE_WORDS
from twitchwise.web.visit import Visit

if TYPE_CHECKING:
    import httpx

Read = Callable[["httpx.Response"], Any]
STORY = (
    "Ich bin 44, weiblich. Seit drei Wochen zuckt meine linke Wade. Meine Arme sind nicht schwach. Der Mond ist voll."
)


@pytest.fixture
def teller() -> Iterator[Person]:
    """Someone without emergency signs, before pages over all that is known."""
    from fastapi.testclient import TestClient  # noqa: PLC0415 - as in conftest

    with TestClient(application(library()), base_url="http://127.0.0.1:8321", follow_redirects=False) as client:
        token = client.post("/visit").headers["location"].split("/")[2]
        yield Person(client, token).has_no_sign()


def visit_of(person: Person) -> Visit:
    visit = person.client.app.state.visits.get(person.token)  # type: ignore[attr-defined]
    assert isinstance(visit, Visit)
    return visit


def speak(person: Person, tag: str) -> None:
    person.client.cookies.set("language", tag)


def test_german_is_read_as_german_on_english_pages(teller: Person, read: Read) -> None:
    teller.post("words", text=STORY)
    response = teller.get("understood")
    page = read(response)
    assert "Your words were read in this language: German." in page.text
    assert "Calf, on the left, for 3 weeks." in page.text
    assert '<span lang="de">Seit drei Wochen zuckt meine linke Wade</span>' in response.text
    assert '“<span lang="de">Der Mond ist voll</span>”' in response.text
    assert "We also read: 44 years, female." in page.text
    assert page.text.index("You said no to") < page.text.index("Weak arms")


def test_the_words_keep_their_language_when_the_pages_change_theirs(teller: Person) -> None:
    speak(teller, "de")
    teller.post("words", text=STORY)
    assert visit_of(teller).text_language == "german"
    assert 'lang="de">Seit' not in teller.get("understood").text
    ticked = teller.get("understood").text.count(" checked")
    speak(teller, "en")
    assert teller.get("understood").text.count(" checked") == ticked > 1
    assert 'lang="de">Seit drei Wochen' in teller.get("understood").text
    assert teller.post("understood", told=["fasciculation", "arm_weakness"]).status_code == 303
    assert visit_of(teller).answers["arm_weakness"] == "absent"


def test_english_is_read_as_english_on_german_pages(teller: Person) -> None:
    speak(teller, "de")
    teller.post("words", text="My left calf has been twitching for three weeks, and I have no weakness.")
    assert visit_of(teller).text_language == "english"
    assert 'lang="en">My left calf' in teller.get("understood").text


def test_an_age_below_a_year_is_told_as_a_part_of_one(teller: Person, read: Read) -> None:
    teller.post("words", text="Der Junge ist 3 Monate alt und zuckt.")
    assert "We also read: 0.246575 years, male." in read(teller.get("understood")).text


def test_few_words_that_could_be_either_are_read_in_the_language_of_the_page(teller: Person) -> None:
    speak(teller, "de")
    teller.post("words", text="Ptosis")
    assert visit_of(teller).text_language == "german"


def test_a_language_that_is_not_read_is_said_to_be_none(teller: Person, read: Read) -> None:
    teller.post("words", text="Mon mollet gauche saute depuis trois semaines sans arrêt")
    text = read(teller.get("understood")).text
    assert "We can only read English and German. Your words seem to be in another language." in text
    assert "What we did not understand" in text


def test_an_emergency_told_in_german_leads_to_help(teller: Person, read: Read) -> None:
    teller.post("words", text="Seit heute Morgen ist meine linke Seite gelähmt und mein Mundwinkel hängt.")
    assert "Do you have this right now?" in read(teller.get("understood")).text
    answer = teller.post("understood", told=["face_droop"])
    assert answer.headers["location"].endswith("/act")


def test_all_that_the_pages_say_is_in_the_catalogs(teller: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    speak_pseudo(monkeypatch)
    speak(teller, "de")
    teller.post("words", text=STORY)
    for place in ("words", "understood"):
        text = teller.get(place).text
        assert "⟦" in text
        for said in (
            "You said",
            "We also read",
            "Continue",
            "In your own words",
            "on the left",
            "for 3 weeks",
            "years",
        ):
            assert not said_outside(text, said), said


def said_outside(text: str, said: str) -> bool:
    """Tell whether words stand in a page without the brackets of the catalogs."""
    main = text[text.index("<main") :]
    return any(main.rfind("⟦", 0, at) <= main.rfind("⟧", 0, at) for at in places_of(main, said))


def places_of(text: str, said: str) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(said, at)]


def test_every_site_and_language_of_the_reader_has_words() -> None:
    known = library()
    assert {site for one in known.languages.values() for site in one.sites} == set(SITE_WORDS)
    assert LANGUAGE_WORDS.keys() == known.languages.keys()
    assert {one.tag for one in known.languages.values()} == set(LANGUAGES)
