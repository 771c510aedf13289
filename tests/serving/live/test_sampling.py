"""Who is drawn."""

from edgetext.serving.live.sampling import CANARY, SHADOW, is_drawn

IDS = [f"request-{i}" for i in range(20_000)]


def test_an_id_is_always_decided_alike():
    assert all(is_drawn(x, CANARY, 0.3) == is_drawn(x, CANARY, 0.3) for x in IDS[:100])


def test_the_share_is_drawn_and_a_larger_one_has_the_smaller_in_it():
    small, large = ({x for x in IDS if is_drawn(x, CANARY, share)} for share in (0.05, 0.5))
    assert 0.04 < len(small) / len(IDS) < 0.06 and small < large


def test_all_and_none():
    assert all(is_drawn(x, SHADOW, 1) for x in IDS) and not any(is_drawn(x, SHADOW, 0) for x in IDS)


def test_purposes_draw_independently():
    drawn = [x for x in IDS if is_drawn(x, CANARY, 0.5)]
    both = sum(is_drawn(x, SHADOW, 0.5) for x in drawn)
    assert 0.45 < both / len(drawn) < 0.55
