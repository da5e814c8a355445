"""Every look of every page, visited once: the picture first, its scrubber on the screen, and the rules of accessibility."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from lossviz.analysis.batch.questions import QUESTIONS
from lossviz.analysis.curves import QUANTITIES
from lossviz.analysis.optimum import QUANTITIES as OPTIMUM_QUANTITIES
from lossviz.analysis.training.views import VIEWS
from lossviz.fields import Choice
from lossviz.state.fields import FIELDS

from .conftest import FAILED, SIDEWAYS, Scheme, Visit, keeps_the_rules, on_screen
from .test_batch import drawn

pytestmark = pytest.mark.browser

DESKS = ((1920, 1080), (1280, 720), (1440, 900))
PHONE = (390, 844)


def nothing(_: Page) -> None:
    """Open nothing more."""


class Look(NamedTuple):
    """A page as a link opens it: its main thing, and how far down that may begin on a desk; a phone's screen has 310 px."""

    link: str
    top: int
    main: str
    open: Callable[[Page], None] = nothing
    """What a person opens before the rules are looked at."""
    line: bool = True
    """Whether the line of views is wholly on a desk's screen; a rare class has a view more."""
    rules: bool = True
    """Whether the rules of accessibility are looked at; where not, other looks of the page stand for it."""


def tab(number: int) -> Callable[[Page], None]:
    """One of those under the picture."""
    return lambda page: page.get_by_role("tab").nth(number).click()


def summaries(page: Page) -> None:
    for summary in page.locator("summary").all():
        summary.click()
    page.wait_for_timeout(800)


def guess(page: Page) -> None:
    page.get_by_text("It becomes larger").click()
    drawn(page)


def options(word: str) -> tuple[str, ...]:
    field = FIELDS[word]
    assert isinstance(field, Choice)
    return field.options


PICTURE = ".lossviz-stage .picture"
LIVE = "[data-testid=live]"
NAMES = "[data-testid=main-thing], .st-key-main-thing"
MISTAKES = ".st-key-main-thing"
BATCH = f"{PICTURE}, [data-testid=stDataFrame]"
TRAINING = f"{PICTURE}, [data-testid=stCode]"

RINGS = "world=rings&model=mlp&examples=200&seeds=3&epochs=8&batch_size=50"
RARE = "ratio=3&epochs=2&seeds=2&measure=precision&examples=200&batch_size=50"
DIGITS = "world=digits&examples=300&seeds=3&epochs=5&batch_size=50&learning_rate=0.1&flips=uniform&equal=logit-gradient"
SMALL = "examples=80&seeds=5&epochs=2&batch_size=40"
"""Trainings that are over at once."""

PAGES = {
    "sample": (
        Look("/", 180, LIVE, tab(1)),
        Look("/?sample=own+numbers&logits=2+1+0", 180, LIVE, tab(2)),
        Look("/?target=soft", 180, LIVE, tab(3)),
        Look("/?lang=zh", 180, LIVE, tab(0)),
    ),
    "curves": (
        *(Look(f"/curves?y={y}", 180, PICTURE, rules=y in OPTIMUM_QUANTITIES) for y in (*QUANTITIES, *OPTIMUM_QUANTITIES)),
        Look("/curves?y=multiplier&pins=cross-entropy+sigmoid", 180, PICTURE),
        Look("/curves?lang=zh", 180, PICTURE),
    ),
    "surfaces": (
        Look("/surfaces", 180, PICTURE),
        *(
            Look(f"/surfaces?over={over}&beside=alone&drawn=contour&steps=0", 180, PICTURE, rules=over == "simplex")
            for over in options("over")
        ),
        Look("/surfaces?lang=zh&drawn=contour", 180, PICTURE),
        Look("/surfaces?beside=side-by-side", 180, PICTURE),
    ),
    "names": (
        Look("/names?about=map", 240, NAMES),
        Look("/names?place=retinanet", 240, NAMES),
        Look("/names?about=libraries", 240, NAMES, summaries),
        Look("/names?about=libraries&activation=sigmoid&target=soft", 240, NAMES, summaries),
        Look("/names?about=statements&statement=sign", 240, NAMES),
        Look("/names?lang=zh", 240, NAMES),
    ),
    "mistakes": (
        Look("/mistakes?lab=cards&card=softmax-twice", 240, MISTAKES, guess),
        Look("/mistakes?lab=2x2&steps=5", 240, MISTAKES),
        Look("/mistakes?lab=forensics&stuck=0.7437", 240, MISTAKES),
        Look("/mistakes?lab=gradients&gradient_in=float32", 240, MISTAKES),
        Look("/mistakes?lab=microscope&exponent=0.5", 240, MISTAKES),
        Look("/mistakes?lab=microscope&dtype=bfloat16&formula=clamped&label=0", 240, MISTAKES),
        Look("/mistakes?lang=zh", 240, MISTAKES),
    ),
    "batch": (
        Look("/batch", 240, BATCH),
        Look("/batch?batch=detector&ask=shares", 240, BATCH),
        Look("/batch?ask=difficulty", 240, BATCH),
        Look("/batch?ask=parts", 240, BATCH),
        Look("/batch?ask=advisor&noise=uniform", 240, BATCH),
        Look("/batch?ask=suspects", 240, BATCH),
        Look("/batch?ask=classes&of_label=8", 240, BATCH),
        Look("/batch?ask=calibration", 240, BATCH),
        Look("/batch?ask=reductions", 240, BATCH),
        Look("/batch?lang=zh&ask=samples", 240, BATCH),
    ),
    "training": (
        Look(f"/training?{SMALL}&look=data", 240, TRAINING),
        Look(f"/training?{SMALL}&look=regions&lang=zh", 240, TRAINING),
        *(
            Look(f"/training?{RINGS}&look={look}", 240, TRAINING)
            for look in ("data", "difference", "regions", "listening", "classes", "reliability", "script")
        ),
        *(Look(f"/training?{RARE}&look={look}", 240, TRAINING, line=False) for look in ("ranking", "grid", "difference")),
        *(Look(f"/training?{DIGITS}&measure=memorised&look={look}", 240, TRAINING) for look in ("regions", "classes")),
    ),
}

SCREENS: tuple[tuple[Scheme, int], ...] = (("light", 390), ("dark", 1440), ("light", 1440), ("dark", 390))


def looked_at() -> Iterator[tuple[Look, tuple[Scheme, int] | None]]:
    """Every look, and where its rules are looked at: those of a page in turn on each screen."""
    for looks in PAGES.values():
        screens = itertools.cycle(SCREENS)
        yield from ((look, next(screens) if look.rules else None) for look in looks)


LOOKS = [*looked_at()]


def test_every_look_of_every_page_is_visited() -> None:
    """And every page in Chinese, and on each screen."""
    links = " ".join(look.link.replace("?", "&") + "&" for look, _ in LOOKS)
    words = {word: options(word) for word in ("about", "over", "lab")} | {"ask": QUESTIONS, "look": VIEWS}
    assert [f"{word}={value}" for word, values in words.items() for value in values if f"&{word}={value}&" not in links] == []
    for looks in PAGES.values():
        assert sum(look.rules for look in looks) >= len(SCREENS)
        assert any("lang=zh" in look.link for look in looks)


@pytest.fixture
def passer(request: pytest.FixtureRequest, window: Visit) -> Iterator[Visit]:
    """Somebody who looks at pages, and whose session keeps nothing but the words of a link: no file, no training."""
    window.forget("light", *DESKS[0])
    yield window
    if request.node.stash.get(FAILED, False):
        window.leave()


def top_of(page: Page, main: str) -> float:
    """Where the first of these things begins, the page unscrolled."""
    boxes = [box for one in page.locator(main).all() if (box := one.bounding_box()) and box["height"] > 4]
    assert boxes, f"{page.url}: no {main}"
    return min(box["y"] for box in boxes)


def scrubber_bottom(page: Page) -> float:
    """Where the scrubber ends; 0 where there is none."""
    bars = [box for one in page.locator(".lossviz-stage .bar:visible").all() if (box := one.bounding_box())]
    return min((box["y"] + box["height"] for box in bars), default=0.0)


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_timeout(150)


def fits(page: Page, look: Look, size: tuple[int, int]) -> None:
    """The picture begins high, its scrubber is in sight, and neither page nor, on a desk, line of views scrolls sideways."""
    resize(page, size)
    assert top_of(page, look.main) <= (310 if size == PHONE else look.top), (look.link, size)
    assert not page.evaluate(SIDEWAYS), (look.link, size)
    if size != PHONE:
        assert scrubber_bottom(page) <= size[1], (look.link, size)
        for line in page.locator(".st-key-view").all() if look.line else ():
            assert line.evaluate("line => line.scrollWidth <= line.clientWidth + 1"), (look.link, size)


@pytest.mark.parametrize(("look", "screen"), LOOKS, ids=[look.link for look, _ in LOOKS])
def test_the_picture_begins_high_and_the_rules_are_kept(passer: Visit, look: Look, screen: tuple[Scheme, int] | None) -> None:
    page = passer.go(look.link)
    expect(page.locator(look.main).first).to_be_visible(timeout=60_000)
    expect(page.get_by_role("progressbar")).to_have_count(0, timeout=60_000)
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN" if "lang=zh" in look.link else "en")
    for size in (*DESKS, PHONE):
        fits(page, look, size)
    if screen:
        look.open(page)
        on_screen(page, *screen)
        keeps_the_rules(page)
    assert passer.errors == []
    assert passer.foreign == []
