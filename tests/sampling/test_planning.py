"""How many units are enough, in the figures that the page of a new round gives."""

from annotations.sampling.planning import needed


def test_a_large_archive_needs_what_the_textbooks_say():
    found = needed(1_000_000)
    assert found.precision == ((10, 97), (7, 196), (5, 384), (3, 1066))
    assert found.differences == ((20, 40, 82), (20, 32, 209), (20, 25, 1094))


def test_no_more_is_asked_than_there_is():
    assert needed(100).precision == ((10, 50), (7, 67), (5, 80), (3, 92))
    assert needed(1).precision[0] == (10, 1)
    assert needed(0) is None
