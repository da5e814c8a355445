"""The page of a phone and what it asks, over the wire, from the app as it is started; also below a path."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from ..awaiting import awaited
from .conftest import Server, started, up
from .rooms import Lecturer, Phone

APP = "tests/server/room_app.py"
BASE = "/some/course"


@pytest.fixture(scope="module", params=["", BASE])
def server(request: pytest.FixtureRequest) -> Iterator[tuple[Server, str]]:
    """A server at the root, and one below a path."""
    variables = {"STREAMLIT_SERVER_BASE_URL_PATH": request.param} if request.param else {}
    with started(APP, **variables) as server:
        awaited(up(server.port))
        yield server, request.param


@pytest.fixture
def lecturer(server: tuple[Server, str]) -> Lecturer:
    return Lecturer(server[0].address, server[1])


@pytest.fixture
def phone(lecturer: Lecturer) -> Phone:
    lecturer.do("ask", 1)
    phone = Phone(lecturer.link)
    assert phone.join().status_code == 200
    return phone


def test_the_page_is_small_and_loads_nothing(lecturer: Lecturer) -> None:
    for language in ("en", "zh-CN"):
        answer = requests.get(lecturer.link, headers={"Accept-Language": language}, timeout=60)
        assert answer.status_code == 200
        assert len(answer.content) + len(requests.get(f"{lecturer.link}/now", timeout=60).content) <= 20_000
        assert f'<html lang="{language}">' in answer.text
        assert set(re.findall(r'(?:src|href|action)="([^"]*)"', answer.text)) == {"data:,", "../r"}
        assert not re.search(r"url\(|@import|https?:|//\w", answer.text)
        assert "Set-Cookie" not in answer.headers
        assert "{{" not in answer.text


def test_nothing_runs_in_the_page_but_its_own_program(lecturer: Lecturer) -> None:
    """The policy names the very text that the page has, and nothing beside it."""
    answer = requests.get(lecturer.link, timeout=60)
    rules = dict(rule.strip().split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert rules["connect-src"] == rules["form-action"] == "'self'"
    for kind in ("script", "style"):
        (inline,) = re.findall(rf"<{kind}[^>]*>(.*?)</{kind}>", answer.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert rules[f"{kind}-src"] == f"'sha256-{digest}'"
    assert not re.search(r' on\w+="| style="', answer.text)
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_code_that_is_typed_leads_to_its_room(server: tuple[Server, str], lecturer: Lecturer) -> None:
    for door in ("/r", "/r/"):
        at = server[0].address + server[1] + door
        page = requests.get(at, timeout=60)
        assert page.status_code == 200 and "hidden" not in re.findall(r"<form[^>]*>", page.text)[0]
        typed = f" {lecturer.code[:2].lower()} {lecturer.code[2:]} "
        page = requests.get(at, params={"code": typed}, timeout=60)
        assert (page.url, page.status_code) == (lecturer.link, 200)
    small = requests.get(lecturer.link.replace(lecturer.code, lecturer.code.lower()), timeout=60)
    assert small.url == lecturer.link, "a phone has one cookie, however the code was typed"


@pytest.mark.parametrize(
    "code", ["00000", "//evil.example", "%0d%0aSet-Cookie:x=1", "<script>", "..", "." * 30, "é", "x" * 5000]
)
def test_a_code_leads_nowhere_else(server: tuple[Server, str], code: str) -> None:
    at = server[0].address + server[1]
    answer = requests.get(f"{at}/r", params={"code": code}, timeout=60, allow_redirects=False)
    place = answer.headers.get("location", "")
    assert answer.status_code == 303 and re.fullmatch(r"r/[\w%.~]*", place)
    assert "Set-Cookie" not in answer.headers


def test_a_room_that_is_gone_says_so(lecturer: Lecturer, phone: Phone) -> None:
    lecturer.do("close")
    assert requests.get(lecturer.link, timeout=60).status_code == 404
    for answer in (phone.get(f"{phone.link}/now"), phone.join(), phone.vote(1, ballot=1)):
        assert answer.status_code == 404
        assert answer.json()["error"].startswith("This room is gone")
    chinese = phone.get(f"{phone.link}/now", headers={"Accept-Language": "fr, zh-Hans;q=0.8, en;q=0.1"})
    assert chinese.json()["error"].startswith("这个课堂已不存在")


def test_an_answer_is_taken_changed_and_shown_at_the_reveal(lecturer: Lecturer, phone: Phone) -> None:
    for answer in (0, 2, 1):
        assert phone.vote(answer).json()["own"] == answer
    assert lecturer.do("tally") == {
        "scene": ["", 1],
        "round": 1,
        "revealed": False,
        "phones": 1,
        "answers": 1,
        "outcomes": [],
    }
    sealed = phone.get(f"{phone.link}/now").text
    assert "depends on p" not in sealed and "detached" not in sealed and '"right":[]' in sealed
    lecturer.do("reveal")
    view = phone.now()
    assert view["outcomes"] == [{"counts": [0, 1, 0], "answers": 1, "right": 1}]
    assert (view["right"], view["link"]) == ([1], "../curves?loss=focal&gamma=2")
    late = phone.vote(0)
    assert late.status_code == 409 and late.json()["error"].startswith("This question is over")


def test_a_place_is_dragged(lecturer: Lecturer, phone: Phone) -> None:
    lecturer.do("ask", 2)
    assert phone.now()["axis"] == {"low": 0, "high": 1, "label": "p_t"}
    assert phone.vote(0.31).json()["own"] == pytest.approx(0.31)
    for hostile in (-0.1, 1.1, "0.3", None, True, [0.3]):
        assert phone.vote(hostile).status_code == 422
    lecturer.do("reveal")
    assert phone.now()["value"] == 0.3 and phone.now()["outcomes"][0]["right"] == 1


def test_what_has_not_changed_is_not_sent_again(phone: Phone) -> None:
    first = phone.get(f"{phone.link}/now")
    same = phone.get(f"{phone.link}/now", headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    tag = phone.vote(1).headers["ETag"]
    assert phone.get(f"{phone.link}/now", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    again = phone.post(f"{phone.link}/vote", json={"ballot": 1, "answer": 1}, headers={"If-None-Match": tag}, timeout=60)
    assert again.status_code == 200, "an answer that is given twice is answered"
    assert "no-cache" in first.headers["Cache-Control"] and "private" in first.headers["Cache-Control"]


def test_the_cookie_is_for_the_room_and_for_no_script(server: tuple[Server, str], phone: Phone) -> None:
    (cookie,) = phone.cookies
    assert (cookie.name, cookie.path) == ("room", phone.link.removeprefix(server[0].address))
    assert cookie.has_nonstandard_attr("HttpOnly") and cookie.get_nonstandard_attr("SameSite") == "strict"
    assert len(cookie.value or "") >= 22
    assert phone.join().status_code == 200 and [one.value for one in phone.cookies] == [cookie.value]


def test_a_voice_of_another_room_or_of_nobody_is_refused(lecturer: Lecturer) -> None:
    lecturer.do("ask", 1)
    other = Lecturer(lecturer.address, lecturer.base)
    other.do("ask", 1)
    stranger = Phone(other.link)
    stranger.join()
    (token,) = (one.value for one in stranger.cookies)
    for cookies in ({"room": str(token)}, {"room": "x" * 4000}, {"room": lecturer.host}, {"room": ""}, {}):
        forger = Phone(lecturer.link)
        answer = forger.post(f"{lecturer.link}/vote", json={"ballot": 1, "answer": 1}, cookies=cookies, timeout=60)
        assert answer.status_code == 403, cookies
    assert lecturer.do("tally")["answers"] == 0


JSON = {"Content-Type": "application/json"}
BODIES = {
    "no JSON": (b"ballot=1&answer=1", 400),
    "nothing": (b"", 400),
    "bytes": (b"\xff\xfe\x00", 400),
    "no object": (b"[1, 1]", 400),
    "a number": (b"1", 400),
    "nested": (b"[" * 400, 400),
    "no ballot": (b'{"answer": 1}', 400),
    "a ballot that is true": (b'{"ballot": true, "answer": 1}', 400),
    "a ballot that is a float": (b'{"ballot": 1.0, "answer": 1}', 400),
    "a ballot that is a text": (b'{"ballot": "1", "answer": 1}', 400),
    "a huge ballot": (b'{"ballot": %d, "answer": 1}' % 10**300, 409),
    "no answer": (b'{"ballot": 1}', 422),
    "NaN": (b'{"ballot": 1, "answer": NaN}', 422),
    "infinity": (b'{"ballot": 1, "answer": -Infinity}', 422),
    "negative": (b'{"ballot": 1, "answer": -1}', 422),
    "too large a number": (b'{"ballot": 1, "answer": 1e999}', 422),
    "a text": (b'{"ballot": 1, "answer": "1"}', 422),
    "true": (b'{"ballot": 1, "answer": true}', 422),
    "an object": (b'{"ballot": 1, "answer": {"a": [1]}}', 422),
    "huge": (b'{"ballot": 1, "answer": 1, "more": "' + b"x" * 10_000_000 + b'"}', 413),
}


@pytest.mark.parametrize("body", BODIES)
def test_hostile_bodies_are_refused_and_nothing_falls_over(lecturer: Lecturer, phone: Phone, body: str) -> None:
    sent, status = BODIES[body]
    try:
        answer = phone.post(f"{phone.link}/vote", data=sent, headers=JSON, timeout=60)
    except requests.ConnectionError:
        assert status == 413, "what is too large may be cut off"
    else:
        assert answer.status_code == status
        assert isinstance(answer.json()["error"], str)
    assert lecturer.do("tally")["answers"] == 0
    assert phone.vote(1).status_code == 200


def test_what_a_form_of_another_site_could_send_is_refused(lecturer: Lecturer, phone: Phone) -> None:
    for media in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        headers = {"Content-Type": media}
        sent = phone.post(f"{phone.link}/vote", data=b'{"ballot": 1, "answer": 1}', headers=headers, timeout=60)
        assert sent.status_code == 415
    for origin in ("https://evil.example", "null", "http://localhost.evil.example", "file://"):
        for path in ("join", "vote"):
            answer = phone.post(f"{phone.link}/{path}", json={"ballot": 1, "answer": 1}, headers={"Origin": origin}, timeout=60)
            assert answer.status_code == 403
            assert "Access-Control-Allow-Origin" not in answer.headers
    assert lecturer.do("tally")["answers"] == 0
    for path in ("join", "vote", "x", "now/x", "../static/x"):
        assert requests.get(f"{lecturer.link}/{path}", timeout=60).status_code == 404


def test_a_phone_in_the_same_network_may_vote(lecturer: Lecturer) -> None:
    """It knows this machine by a name or number that no setting has."""
    lecturer.do("ask", 1)
    port = lecturer.address.rpartition(":")[2]
    for host in (f"192.168.1.23:{port}", f"lecturer.local:{port}", f"[fd00::1]:{port}"):
        phone = Phone(lecturer.link, Host=host, Origin=f"http://{host}")
        joined = phone.join()
        assert joined.status_code == 200
        voted = phone.post(
            f"{phone.link}/vote",
            json={"ballot": 1, "answer": 1},
            headers={"Cookie": joined.headers["Set-Cookie"].partition(";")[0]},
            timeout=60,
        )
        assert voted.status_code == 200
    assert lecturer.do("tally")["answers"] == 3


def test_a_whole_course_joins_from_one_address_and_a_flood_does_not(lecturer: Lecturer) -> None:
    statuses = [requests.post(f"{lecturer.link}/join", json={}, timeout=60).status_code for _ in range(450)]
    assert statuses[:200] == [200] * 200
    assert set(statuses) == {200, 429}
    refused = requests.post(f"{lecturer.link}/join", json={}, timeout=60)
    assert refused.json()["error"].startswith("Too many phones")


def test_a_phone_that_presses_like_mad_is_held_back(phone: Phone) -> None:
    """Side by side, so that even a busy server is asked faster than it allows."""
    with ThreadPoolExecutor(8) as hands:
        statuses = list(hands.map(lambda i: phone.vote(i % 3, ballot=1).status_code, range(80)))
    assert set(statuses) == {200, 429} and statuses.count(200) >= 10


def test_a_body_that_never_ends_holds_up_nobody(server: tuple[Server, str], phone: Phone) -> None:
    path = phone.link.removeprefix(server[0].address)
    head = f"POST {path}/vote HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 400\r\n\r\n{{"
    with socket.create_connection(("localhost", server[0].port)) as slow:
        slow.sendall(head.encode())
        assert phone.vote(1).status_code == 200


def test_the_link_of_a_scene_stays_on_this_server(lecturer: Lecturer, phone: Phone) -> None:
    lecturer.do("ask", 0)
    assert phone.now()["link"] == "../curves?loss=focal&gamma=2"
    assert requests.get(f"{lecturer.link}/{phone.now()['link']}".replace(f"r/{lecturer.code}/../", ""), timeout=60).ok
    lecturer.do("ask", 3)
    assert phone.now()["link"] == "../curves?x=javascript%3Aalert%281%29"


def test_what_a_lecture_says_is_text(phone: Phone) -> None:
    """Of JSON, which a browser does not take for a page."""
    answer = phone.get(f"{phone.link}/now")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert json.loads(answer.content)["options"][2] == "Not at all: <b>p − t</b>"


def test_the_log_tells_of_no_voter(server: tuple[Server, str], phone: Phone) -> None:
    phone.vote(1)
    tokens = [str(one.value) for one in phone.cookies]
    assert tokens and not any(token in server[0].log for token in tokens)
    assert "Traceback" not in server[0].log, server[0].log[-2000:]
