"""The example of the README is a lecture."""

from __future__ import annotations

import re
from pathlib import Path

from lossviz.lectures import Drag, Poll, parse, write

README = Path(__file__).parents[2] / "README.md"


def test_the_example_of_the_readme_is_a_lecture() -> None:
    (text,) = re.findall(r"```markdown\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    lecture = parse(text)
    assert [type(scene.question) for scene in lecture.scenes] == [Drag, Poll]
    assert all(scene.caption for scene in lecture.scenes) and lecture.scenes[0].note and lecture.scenes[0].then
    assert parse(write(lecture)) == lecture
