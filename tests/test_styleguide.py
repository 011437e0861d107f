"""The style guide shows what the stylesheets hold, and nothing they do not."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted((ROOT / "docs/styleguide").glob("*.html"))
CSS = "\n".join(path.read_text() for path in (ROOT / "static/annotations/css").glob("*.css"))
STYLED = set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)))
# States and kinds that are drawn as their plain form.
UNSTYLED = {"is-accepted", "span--from", "span--to", "msg--consumer", "desk--code", "card--link"}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_every_class_in_the_style_guide_is_styled(page: Path) -> None:
    used = {name for names in re.findall(r'class="([^"]+)"', page.read_text()) for name in names.split()}
    assert used - STYLED - UNSTYLED == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_the_style_guide_obeys_the_content_security_policy(page: Path) -> None:
    text = page.read_text()
    assert " style=" not in text
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


def test_the_stylesheets_fetch_nothing() -> None:
    assert "@import" not in CSS
    assert "url(" not in CSS


def test_every_variable_used_is_defined() -> None:
    used = set(re.findall(r"var\((--[\w-]+)", CSS))
    assert used <= set(re.findall(r"(--[\w-]+):", CSS))
