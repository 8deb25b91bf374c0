"""Lines cut and read: every line of any bytes is a row with its number, or is told to be none."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from amity.sources import Layout, lines

LAYOUT = Layout(("a", "b", "c"), ("a", "c"), free=("a",))
LINE = st.one_of(
    st.tuples(*[st.text("xy\"'# é", max_size=6)] * 3).map("\t".join),
    st.text('xy\t" ', max_size=12),
    st.just(""),
)


def pieces_of(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(LINE, min_size=1, max_size=40),
    st.booleans(),
    st.integers(1, 60),
    st.integers(1, 200),
    st.integers(0, 2),
)
def test_every_line_is_a_row_with_its_cells_or_is_bad(
    given_lines: list[str], ends: bool, piece: int, size: int, header: int
) -> None:
    data = "\n".join(given_lines).encode() + (b"\n" if ends else b"")
    expected = data.decode().split("\n")
    if expected[-1] == "":
        expected.pop()
    numbered = dict(list(enumerate(expected, 1))[header:])
    rows: dict[int, tuple[str, str]] = {}
    bad: dict[int, str] = {}
    for chunk in lines.chunks(pieces_of(data, piece), header=header, size=size, longest=1000):
        assert isinstance(chunk, lines.Chunk)
        found = lines.read(chunk, LAYOUT)
        assert found.rows.height == chunk.lines
        bad |= {line: why for line, why, _ in found.bad.rows()}
        rows |= {line: (a, c) for line, a, c in found.rows.rows()}
    assert rows.keys() == numbered.keys()
    for line, text in numbered.items():
        cells = text.split("\t")
        assert (line in bad) == (len(cells) != 3), text
        if len(cells) == 3:
            assert rows[line] == (cells[0], cells[2])
        else:
            assert bad[line] == (
                f"it has {len(cells)} columns where there are 3" if text.strip() else "the line is empty"
            )


@settings(max_examples=100, deadline=None)
@given(st.lists(st.binary(max_size=80).filter(lambda one: b"\n" not in one), max_size=12), st.integers(1, 50))
def test_a_line_that_is_too_long_is_passed_over_and_the_others_stay(made: list[bytes], piece: int) -> None:
    data = b"".join(line + b"\n" for line in made)
    longest = 30
    kept: dict[int, bytes] = {}
    long: set[int] = set()
    for chunk in lines.chunks(pieces_of(data, piece), size=40, longest=longest):
        if isinstance(chunk, lines.TooLong):
            long.add(chunk.line)
            continue
        whole = chunk.data.split(b"\n")[:-1]
        assert len(whole) == chunk.lines
        kept |= dict(enumerate(whole, chunk.first))
    assert kept.keys() | long == set(range(1, len(made) + 1))
    assert not kept.keys() & long
    assert all(made[line - 1] == text for line, text in kept.items())
    assert all(len(made[line - 1]) > longest - 1 for line in long)


def test_bytes_that_are_no_utf8_become_a_sign_and_are_told() -> None:
    data = b"caf\xe9\tx\ty\nplain\tx\ty\n\xff\xfe\tx\t\xe9\n"
    (chunk,) = lines.chunks([data])
    assert isinstance(chunk, lines.Chunk)
    found = lines.read(chunk, LAYOUT)
    assert found.rows["a"].to_list() == ["caf\ufffd", "plain", "\ufffd\ufffd"]
    assert found.repaired.to_list() == [1, 3]
    assert found.bad.is_empty()
