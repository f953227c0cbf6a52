"""The picture of the funnel: SVG paths in a box of 100 x 52 a stage, drawn by the server."""

WIDEST = 92  # of the 100 units of the box: the greatest count, now or then
EDGE, TOP, BOTTOM, HEIGHT = 7, 15, 37, 52  # exact between TOP and BOTTOM, bent to the neighbours outside


def halves(counts, most):
    """Return half the width of each count, where `most` is as wide as the picture."""
    return [WIDEST / 2 * count / most if most else 0 for count in counts]


def draw(now, then):
    """Return a (path of now, dashes of then) for each stage, whose counts are `now` and `then`."""
    most = max([*now, *then], default=0)
    wide, narrow = halves(now, most), halves(then, most)
    edges = [wide[:1], *([(a + b) / 2] for a, b in zip(wide, wide[1:], strict=False)), wide[-1:]]
    flat = [edge for each in edges for edge in each]
    return [
        (_shape(half, flat[number], flat[number + 1]), _dashes(narrow[number]))
        for number, half in enumerate(wide)
    ]


def _shape(half, above, below):
    left, right = _at(-half), _at(half)
    return (
        f"M{_at(-above)} 0Q{left} {EDGE} {left} {TOP}V{BOTTOM}Q{left} {HEIGHT - EDGE} {_at(-below)} {HEIGHT}"
        f"H{_at(below)}Q{right} {HEIGHT - EDGE} {right} {BOTTOM}V{TOP}Q{right} {EDGE} {_at(above)} 0Z"
    )


def _dashes(half):
    return f"M{_at(-half)} {TOP - 1}V{BOTTOM + 1}M{_at(half)} {TOP - 1}V{BOTTOM + 1}"


def _at(offset):
    return f"{50 + offset:.1f}"
