"""Nobody passes without the password, tries of it get slower, and a session ends when it should."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, quote, urljoin, urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.web.clinic import OWN, PASSWORD, Clinic, Clock, sign_in

from twitchwise.web.password import MOST_LETTERS, Password
from twitchwise.web.rate_limits import (
    FORGOTTEN_AFTER_S,
    FREE_TRIES,
    LONGEST_WAIT_S,
    MOST_AT_ONCE,
    RequestLimit,
    TryLimit,
    address_of_home,
)
from twitchwise.web.sessions import ABSOLUTE_LIMIT_S, IDLE_LIMIT_S, SessionStore
from twitchwise.web.sign_in import COOKIE, way_on

SEE_OTHER, FORBIDDEN, TOO_MANY = 303, 403, 429


def token_of(answer: httpx.Response) -> str:
    return answer.headers["set-cookie"].split(";")[0].removeprefix(f"{COOKIE}=")


# who passes


def test_the_right_password_lets_in_and_leads_to_where_one_was_going(clinic: Clinic) -> None:
    with clinic.browser() as browser:
        sent = browser.get("/explore?cause=low_calcium&activity=rest")
        assert sent.status_code == SEE_OTHER
        asked = browser.get(sent.headers["location"])
        assert asked.status_code == 200
        assert 'type="password"' in asked.text
        way = parse_qs(urlsplit(sent.headers["location"]).query)["next"][0]
        assert way == "/explore?cause=low_calcium&activity=rest"
        assert 'name="next" value="/explore?cause=low_calcium&amp;activity=rest"' in asked.text
        answer = sign_in(browser, way=way)
        assert (answer.status_code, answer.headers["location"]) == (SEE_OTHER, way)
        assert browser.get(way).status_code == 200


def test_a_wrong_password_lets_nobody_in_and_is_not_shown_again(clinic: Clinic) -> None:
    with clinic.browser() as browser:
        answer = sign_in(browser, "thirteen little birds", "/learn")
        assert answer.status_code == FORBIDDEN
        assert "set-cookie" not in answer.headers
        assert "There is a problem" in answer.text
        assert "thirteen" not in answer.text
        assert 'value="/learn"' in answer.text
        assert browser.get("/").status_code == SEE_OTHER


def test_who_has_signed_in_is_not_asked_again(clinic: Clinic) -> None:
    with clinic.signed_in() as browser:
        answer = browser.get("/sign-in", params={"next": "/learn"})
        assert (answer.status_code, answer.headers["location"]) == (SEE_OTHER, "/learn")


@pytest.mark.parametrize("body", [b"", b"password", b"password=%ff%00", b"\xff\xfe", b"a=1&" * 50, b"{}"])
def test_a_broken_form_is_refused_and_not_a_fault(clinic: Clinic, body: bytes) -> None:
    with clinic.browser() as browser:
        assert browser.post("/sign-in", content=body).status_code in {400, FORBIDDEN}


def test_a_big_form_of_somebody_unknown_is_not_read(clinic: Clinic) -> None:
    with clinic.browser() as browser:
        assert sign_in(browser, "x" * 10**6).status_code == 413
        assert browser.post("/sign-in", files={"password": b"x" * 10**6}).status_code == 413


@pytest.mark.parametrize("cookie", ["", "x", "None", "a" * 5000, f"{'b' * 43}; {COOKIE}={'c' * 43}"])
def test_a_made_up_session_is_none(clinic: Clinic, cookie: str) -> None:
    with clinic.browser({**OWN, "cookie": f"{COOKIE}={cookie}"}) as browser:
        assert browser.get("/").status_code == SEE_OTHER
        assert browser.post("/visit").status_code == FORBIDDEN


def test_two_cookies_of_one_name_are_none(clinic: Clinic) -> None:
    token = clinic.entrance.sessions.open()
    with clinic.browser({**OWN, "cookie": f"{COOKIE}={token}; {COOKIE}=other"}) as browser:
        assert browser.get("/").status_code == SEE_OTHER


# the session


def test_the_cookie_is_for_this_host_over_tls_and_out_of_reach_of_scripts(clinic: Clinic) -> None:
    with clinic.browser() as browser:
        name, *attributes = sign_in(browser).headers["set-cookie"].split("; ")
    assert name.startswith("__Host-session=")
    assert len(token_of(httpx.Response(200, headers={"set-cookie": name}))) == 43  # 256 bits
    assert sorted(one.lower() for one in attributes) == ["httponly", "path=/", "samesite=strict", "secure"]


def test_each_sign_in_has_a_new_token_and_ends_the_session_before(clinic: Clinic) -> None:
    planted = "a" * 43
    with clinic.browser() as browser:
        browser.cookies.set(COOKIE, planted)
        browser.cookies.delete(COOKIE)
        first = token_of(
            browser.post("/sign-in", data={"password": PASSWORD}, headers={"cookie": f"{COOKIE}={planted}"})
        )
        browser.cookies.clear()
        again = browser.post("/sign-in", data={"password": PASSWORD}, headers={"cookie": f"{COOKIE}={first}"})
        browser.cookies.clear()
        assert len({planted, first, token_of(again)}) == 3
        assert [
            browser.get("/", headers={"cookie": f"{COOKIE}={token}"}).status_code
            for token in (planted, first, token_of(again))
        ] == [SEE_OTHER, SEE_OTHER, 200]


def test_the_token_itself_is_nowhere_on_the_server(clinic: Clinic) -> None:
    with clinic.browser() as browser:
        token = token_of(sign_in(browser))
        browser.get("/")
    assert token not in repr(clinic.entrance.sessions._kept)
    assert token not in repr(clinic.entrance.requests._kept)


def test_half_an_hour_without_use_ends_it(clinic: Clinic) -> None:
    with clinic.signed_in() as browser:
        clinic.clock.now_s += IDLE_LIMIT_S
        assert browser.get("/").status_code == 200
        clinic.clock.now_s += IDLE_LIMIT_S + 1
        assert browser.get("/").status_code == SEE_OTHER


def test_twelve_hours_end_it_whatever_is_done(clinic: Clinic) -> None:
    with clinic.signed_in() as browser:
        for _ in range(ABSOLUTE_LIMIT_S // IDLE_LIMIT_S):
            clinic.clock.now_s += IDLE_LIMIT_S
            assert browser.get("/").status_code == 200
        clinic.clock.now_s += 1
        assert browser.get("/").status_code == SEE_OTHER


def test_signing_out_ends_the_session_on_the_server_and_in_the_browser(clinic: Clinic) -> None:
    with clinic.browser() as browser:
        token = token_of(sign_in(browser))
        assert 'action="/sign-out"' in browser.get("/").text
        out = browser.post("/sign-out")
        assert out.status_code == SEE_OTHER
        assert "Max-Age=0" in out.headers["set-cookie"]
        assert out.headers["clear-site-data"] == '"cache"'
        assert COOKIE not in browser.cookies
        assert browser.get("/", headers={"cookie": f"{COOKIE}={token}"}).status_code == SEE_OTHER
        browser.cookies.clear()
        page = browser.get(out.headers["location"])
        assert "You are signed out" in page.text
        assert "/sign-out" not in page.text
    assert len(clinic.entrance.sessions) == 0


def test_sessions_are_bounded_and_the_one_unused_for_longest_ends_first() -> None:
    store = SessionStore(Clock(), most_sessions=2)
    first, second = store.open(), store.open()
    assert store.use(first)
    third = store.open()
    assert [store.use(token) for token in (first, second, third)] == [True, False, True]
    assert len(store) == 2


# where one is sent


WAYS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="/\\.:@?#%&=evil\t\r\n 0\uff41", max_size=30),
    st.sampled_from(["//", "/\\", "\\\\", "/\t/", "https://", "javascript:", "/%2f", "/.//", "/@", "///"]).flatmap(
        lambda start: st.text(alphabet="evil./\\@:", max_size=20).map(start.__add__)
    ),
)


def as_a_browser_reads(location: str) -> str:
    """Return an address as browsers do: blanks at the ends and line breaks go, a backslash is a slash."""
    return "".join(mark for mark in location.strip() if mark not in "\t\r\n").replace("\\", "/")


@given(text=WAYS)
@example("//evil.example")
@example("/\\evil.example")
@example("/\t/evil.example")
@example("/\n\\evil.example")
def test_the_way_on_is_always_a_page_of_this_server(text: str) -> None:
    target = urlsplit(urljoin("https://clinic.test:8321/sign-in", as_a_browser_reads(way_on(text))))
    assert (target.scheme, target.netloc) == ("https", "clinic.test:8321")


@given(
    text=st.from_regex(
        r"/(learn|explore|measure|visit/[A-Za-z0-9_-]{32}/about)(\?[a-z]{1,9}=[a-z0-9%.]{0,9})?", fullmatch=True
    )
)
def test_a_page_of_this_server_is_found_again(text: str) -> None:
    assert way_on(text) == text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=WAYS)
def test_no_redirect_leads_to_another_server(clinic: Clinic, text: str) -> None:
    clinic.clock.now_s += 1
    token = clinic.entrance.sessions.open()
    with clinic.browser({**OWN, "cookie": f"{COOKIE}={token}"}) as browser:
        answer = browser.get(f"/sign-in?next={quote(text, safe='')}")
        assert answer.status_code == SEE_OTHER
        target = urlsplit(urljoin(f"{clinic.address}/sign-in", as_a_browser_reads(answer.headers["location"])))
        assert f"{target.scheme}://{target.netloc}" == clinic.address


@pytest.mark.parametrize(
    "way", ["//evil.example/", "https://evil.example/", "/\\evil.example", "/\t/evil.example", "/sign-out"]
)
def test_signing_in_leads_to_no_other_server(clinic: Clinic, way: str) -> None:
    with clinic.browser() as browser:
        assert sign_in(browser, way=way).headers["location"] == "/"


def test_a_page_that_looks_like_another_server_is_not_the_way_on(clinic: Clinic) -> None:
    with clinic.browser() as browser:
        for path in ("//evil.example/a", "/%5cevil.example", "/%0d%0aset-cookie:a=b"):
            sent = browser.get(httpx.URL(clinic.address).copy_with(raw_path=path.encode()))
            assert sent.status_code == SEE_OTHER
            assert way_on(parse_qs(urlsplit(sent.headers["location"]).query)["next"][0]).startswith("/")
            assert urlsplit(sent.headers["location"]).path == "/sign-in"
            assert "set-cookie" not in sent.headers


# how often


def test_wrong_passwords_are_slowed_more_and_more(clinic: Clinic) -> None:
    with clinic.browser() as browser:
        for _ in range(FREE_TRIES):
            assert sign_in(browser, "wrong password").status_code == FORBIDDEN
        waits = []
        for _ in range(7):
            refused = sign_in(browser)  # even the right one must wait
            assert refused.status_code == TOO_MANY
            assert "Wait" in refused.text
            waits.append(int(refused.headers["retry-after"]))
            clinic.clock.now_s += waits[-1] - 1
            assert sign_in(browser).headers["retry-after"] == "1"
            clinic.clock.now_s += 1
            assert sign_in(browser, "wrong password").status_code == FORBIDDEN
        assert waits == [60, 120, 240, 480, 900, 900, 900]
        clinic.clock.now_s += LONGEST_WAIT_S
        assert sign_in(browser).status_code == SEE_OTHER
        assert sign_in(browser, "wrong password").status_code == FORBIDDEN  # the right one was a new beginning


def test_tries_that_come_at_once_are_counted_one_by_one(clinic: Clinic) -> None:
    with clinic.browser() as browser, ThreadPoolExecutor(12) as others:
        sent = [others.submit(sign_in, browser, f"wrong password {number}") for number in range(12)]
        statuses = sorted(one.result().status_code for one in sent)
    assert statuses == [FORBIDDEN] * FREE_TRIES + [TOO_MANY] * (12 - FREE_TRIES)


def test_a_forwarded_address_is_not_believed(clinic: Clinic) -> None:
    with clinic.browser() as browser:
        for number in range(FREE_TRIES + 1):
            claimed = {"x-forwarded-for": f"192.0.2.{number}", "forwarded": f"for=192.0.2.{number}"}
            answer = browser.post("/sign-in", data={"password": "wrong password"}, headers=claimed)
        assert answer.status_code == TOO_MANY


def test_tries_of_an_hour_ago_are_forgotten_and_addresses_bounded() -> None:
    clock = Clock()
    limit = TryLimit(clock, most_kept=3)
    assert [limit.take("a") for _ in range(FREE_TRIES + 1)] == [0] * FREE_TRIES + [60]
    assert limit.take("b") == 0
    clock.now_s += FORGOTTEN_AFTER_S + 1
    assert [limit.take("a") for _ in range(FREE_TRIES + 1)] == [0] * FREE_TRIES + [60]
    for number in range(10):
        limit.take(f"other {number}")
    assert len(limit) == 3


@given(gaps=st.lists(st.floats(0, 2000), max_size=60))
def test_no_pattern_of_tries_gets_more_than_a_few_an_hour(gaps: list[float]) -> None:
    clock = Clock()
    limit, taken = TryLimit(clock), []
    for gap_s in gaps:
        clock.now_s += gap_s
        if limit.take("a") == 0:
            taken.append(clock.now_s)
    # five free ones, then after 1, 3, 7, 15, 30 and 45 minutes
    assert all(sum(start <= at < start + 3600 for at in taken) <= FREE_TRIES + 7 for start in taken)


def test_requests_flow_at_a_steady_rate_after_a_burst() -> None:
    clock = Clock()
    limit = RequestLimit(clock, most_kept=2)
    assert [limit.take("a") for _ in range(int(MOST_AT_ONCE) + 1)] == [0] * int(MOST_AT_ONCE) + [1]
    assert limit.take("b") == 0
    clock.now_s += 0.5
    assert sum(limit.take("a") == 0 for _ in range(50)) == 10
    clock.now_s += 3600  # what was not used is not saved up
    assert sum(limit.take("a") == 0 for _ in range(200)) == MOST_AT_ONCE
    limit.take("c")
    assert len(limit) == 2


def test_who_floods_the_pages_is_told_to_wait_and_others_are_not(clinic: Clinic) -> None:
    with clinic.signed_in() as browser, clinic.signed_in() as other:
        statuses = [browser.get("/sign-in").status_code for _ in range(int(MOST_AT_ONCE) + 2)]
        assert statuses[-1] == TOO_MANY
        assert statuses.count(SEE_OTHER) == MOST_AT_ONCE
        flooded = browser.get("/")
        assert (flooded.status_code, flooded.headers["retry-after"]) == (TOO_MANY, "1")
        assert "Please wait a moment" in flooded.text
        assert other.get("/").status_code == 200
        clinic.clock.now_s += 1
        assert browser.get("/").status_code == 200


def test_a_household_counts_as_one_address() -> None:
    assert address_of_home("2001:db8::1") == address_of_home("2001:db8::ffff:1")
    assert address_of_home("2001:db8::1") != address_of_home("2001:db8:0:1::1")
    assert address_of_home("192.0.2.1") != address_of_home("192.0.2.2")
    assert address_of_home("") == ""


# the password


def test_a_password_is_kept_as_a_hash_with_a_salt_of_its_own() -> None:
    one, other = Password(PASSWORD), Password(PASSWORD)
    assert one._hash != other._hash
    assert PASSWORD not in repr(vars(one))
    assert one.fits(PASSWORD)
    assert not one.fits("")
    assert not one.fits(PASSWORD + " ")


def test_a_password_fits_however_a_keyboard_writes_its_letters() -> None:
    assert Password("zwölf kleine vögel").fits("zwo\u0308lf kleine vo\u0308gel")
    longest = "x" * MOST_LETTERS
    assert Password(longest).fits(longest)
    assert not Password(longest).fits(longest + "y")
    assert not Password(longest).fits("\ud800")
