"""Canonical bytes: the vectors of RFC 8785, and what lies outside the subset."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from danvan_desktop.kernel.canonical import (
    MAX_DEPTH,
    MAX_INTEGER,
    NotCanonical,
    canonical_bytes,
    hash_of,
    parse_json,
    sha256_hex,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=15,
)

# RFC 8785 §3.2.3 (key order by UTF-16 units), §3.2.2.2 (string escapes), §3.2.4, and Vietnamese text unescaped
VECTORS: list[tuple[Any, str]] = [
    (
        {
            "\u20ac": "Euro Sign",
            "\r": "Carriage Return",
            "\ufb33": "Hebrew Letter Dalet With Dagesh",
            "1": "One",
            "\U0001f600": "Emoji: Grinning Face",
            "\u0080": "Control",
            "\u00f6": "Latin Small Letter O With Diaeresis",
        },
        '{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis",'
        '"\u20ac":"Euro Sign","\U0001f600":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    ),
    ("\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/", '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
    ({"literals": [None, True, False]}, '{"literals":[null,true,false]}'),
    ([56, {"d": True, "10": None, "1": []}], '[56,{"1":[],"10":null,"d":true}]'),
    ({"": "", "a": {}}, '{"":"","a":{}}'),
    ("\b\t\n\f\r\u001f\u007f\u2028", '"\\b\\t\\n\\f\\r\\u001f\u007f\u2028"'),
    ({"xã": "Vĩnh Thủy", "số": -1}, '{"số":-1,"xã":"Vĩnh Thủy"}'),
    ([MAX_INTEGER, -MAX_INTEGER, 0], "[9007199254740991,-9007199254740991,0]"),
]


@pytest.mark.parametrize(("value", "expected"), VECTORS)
def test_vectors(value: Any, expected: str) -> None:
    assert canonical_bytes(value) == expected.encode("utf-8")
    assert parse_json(expected.encode("utf-8")) == value


@given(values)
def test_what_is_written_is_read_again_and_order_does_not_matter(value: Any) -> None:
    data = canonical_bytes(value)
    assert data == rfc8785.dumps(value)
    assert parse_json(data) == value
    spaced = json.dumps(value, indent=2, ensure_ascii=True).encode()
    assert canonical_bytes(parse_json(spaced)) == data
    assert hash_of(value) == hashlib.sha256(data).hexdigest() == sha256_hex(data)


@given(st.dictionaries(texts, st.integers(0, 9), max_size=6))
def test_keys_stand_in_the_order_of_their_utf16_units(value: dict[str, int]) -> None:
    order = sorted(value, key=lambda key: key.encode("utf-16-be"))
    assert list(parse_json(canonical_bytes(value))) == order


@pytest.mark.parametrize(
    "value",
    [1.0, 0.1, float("nan"), {"a": 1.5}, {1: "a"}, b"x", {1, 2}, object(), MAX_INTEGER + 1, "\ud800", {"\udfff": 1}],
)
def test_foreign_values_have_no_canonical_bytes(value: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical_bytes(value)


@pytest.mark.parametrize(
    "data",
    [
        b"1.0",
        b"1e3",
        b"-0.0",
        b"NaN",
        b"Infinity",
        b'{"a":1,"a":2}',
        b"9007199254740992",
        b"1" * 400,
        b"\xff",
        b'"\xed\xa0\x80"',
        b'"\\ud800"',
        b"{",
        b"",
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b"[" * (MAX_DEPTH + 2) + b"]" * (MAX_DEPTH + 2),
    ],
)
def test_foreign_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        parse_json(data)


@given(st.binary(max_size=40))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        value = parse_json(data)
    except NotCanonical:
        return
    assert parse_json(canonical_bytes(value)) == value
