"""An address is taken or refused, and what is secret in it is shown by neither."""

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

import twitchwise.diary
from twitchwise.diary import DiaryError
from twitchwise.diary.address import Address, AddressError, address_in
from twitchwise.diary.postgresql import connection_to, refusing
from twitchwise.vocabulary import MissingExtraError, OutOfRangeError

SECRET = "hunter2secret"  # noqa: S105 - of nobody


@pytest.mark.parametrize(
    ("text", "has_password"),
    [
        ("postgresql://diaries@db.clinic.example/diaries", False),
        ("postgres://db.clinic.example:5433/diaries?sslmode=verify-full", False),
        ("postgresql:///?service=clinic", False),
        ("postgresql://diaries@/diaries?host=/run/postgresql", False),
        ("postgresql://diaries@[2001:db8::1]/diaries", False),
        (" postgresql://a:b@db.clinic.example/diaries\n", True),
        ("postgresql://a:p%40ss@db.clinic.example/diaries", True),
        ("postgresql://a@db.clinic.example/diaries?password=b", True),
        ("postgresql://a@db.clinic.example/diaries?sslpassword=b", True),
    ],
)
def test_an_address_is_taken_and_it_is_known_whether_it_holds_a_password(text: str, has_password: bool) -> None:  # noqa: FBT001
    assert address_in(text).has_password is has_password


@pytest.mark.parametrize(
    "text",
    [
        *("", "diaries", "host=db password=x", "mysql://a:b@db/x", "sqlite:///x", "postgresql", "http://x"),
        *("postgresql://a:p@ss@db/x", "postgresql://a@db/x#y", "postgresql://[x/y", "postgresql://a@db/x\x00y"),
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(AddressError, match="postgresql://account@server/name"):
        address_in(text)


words = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=12)


def refusal_of(text: str) -> str:
    """Return what is said of an address that leads nowhere."""
    try:
        with refusing():
            connection_to(address_in(text)).close()
    except (DiaryError, OutOfRangeError) as refused:
        return str(refused)
    return ""


def tell_all(settings: str, **_: object) -> None:
    """Fail as the library does, and tell all that it was given."""
    raise psycopg.OperationalError(f'could not translate host name "{settings}" to address')


@given(words, words, words)
def test_no_refusal_tells_the_password_however_wrong_the_address_is(before: str, after: str, rest: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg, "connect", tell_all)
        for text in (
            f"postgresql://a:{before}{SECRET}{after}@/x?host=/nowhere&{rest}",
            f"postgresql://a:{before}{SECRET}{after}@{rest}?host=/nowhere",
            f"postgresql://{SECRET}{before}:{SECRET}{after}?host=/nowhere",
            f"{before}{SECRET}{after}",
        ):
            said = refusal_of(text)
            assert said
            assert SECRET not in said
            assert "\n" not in said


def test_an_address_that_is_printed_shows_nothing() -> None:
    assert SECRET not in repr(address_in(f"postgresql://a:{SECRET}@db/x"))
    assert SECRET not in str(Address(f"postgresql://a:{SECRET}@db/x", has_password=True))


def test_without_its_packages_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twitchwise.diary, "find_spec", lambda name: None if name == "psycopg" else name)
    with pytest.raises(MissingExtraError, match=r"twitchwise\[clinic\]"):
        twitchwise.diary.open_database(address_in("postgresql://a@db/x"))
