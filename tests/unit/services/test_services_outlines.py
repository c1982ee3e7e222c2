"""Outlines in an office's own words: kept as a layer, used by the next draft, never touching what a number means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from services_office import make

from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.reporting.own_outline import OwnOutline, OwnSection, OwnSentence, worded
from danvan_desktop.services.office import Office
from danvan_desktop.services.outlines import from_toml, to_toml

KEY, REGIME, PERIOD = "half_year_commune", "commune-to-province", "2026-H1"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    clock = FixedClock(datetime.fromisoformat("2026-05-20T08:00:00+07:00"))
    made = make(tmp_path_factory.mktemp("outlines") / "home", clock)
    yield made
    made.close()


def reworded(words: OwnOutline) -> OwnOutline:
    sections = [item for item in words.sections if item.key != "proposals"]
    last = next(item for item in words.sections if item.key == "proposals")
    order = [replace(last, title="Đề nghị với cấp trên"), *sections]
    order = [
        replace(item, shown=False) if item.key == "context"
        else replace(
            item,
            sentences=tuple(
                replace(entry, text="{office} ban hành {directive_documents_issued} văn bản.")
                if entry.key == "issued" else replace(entry, shown=entry.key != "received") for entry in item.sentences
            ),
        )
        if item.key == "results_area_1" else item
        for item in order
    ]  # fmt: skip
    return replace(words, sections=tuple(order), opening="Thực hiện {plan}, {office} báo cáo:", recipients=("Lưu: VT",))


def test_the_words_of_the_office_are_used_by_the_next_draft(office: Office) -> None:
    before = office.reports.view(office.reports.make(REGIME, PERIOD)[0])
    sheet = office.outlines.sheet(KEY)
    assert sheet.line.version == 0
    assert sheet.words == sheet.shipped
    office.outlines.save(KEY, from_toml(to_toml(reworded(sheet.words)), KEY))  # through the file people edit
    sheet = office.outlines.sheet(KEY)
    assert (sheet.line.version, sheet.line.by) == (1, office.context.by)
    assert sheet.misfits == ()
    assert sheet.changed["left_out"] == 2
    kept = office.reports.view(before.id)
    assert kept.document.opening == before.document.opening  # a live draft changes only when it is counted anew
    office.reports.discard(before.id)
    draft = office.reports.view(office.reports.make(REGIME, PERIOD)[0]).draft
    assert draft is not None
    assert draft.opening[0].text.startswith("Thực hiện Kế hoạch")
    assert draft.recipients == ("Như trên", "Lưu: VT")
    keys = [item.key for item in draft.sections]
    assert keys[0] == "proposals"
    assert "context" not in keys
    assert draft.sections[0].title == "Đề nghị với cấp trên"
    office.outlines.reset(KEY)
    assert office.outlines.sheet(KEY).words == office.outlines.sheet(KEY).shipped
    with pytest.raises(Refused) as refused:
        office.outlines.reset(KEY)
    assert refused.value.code == "outline_shipped"
    office.outlines.save(KEY, OwnOutline(KEY, closing="Xin báo cáo./."))
    assert office.outlines.sheet(KEY).line.version == 3  # numbers are never used again
    office.outlines.reset(KEY)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (OwnOutline(KEY, opening="Số liệu {nowhere}"), "nowhere"),
        (OwnOutline(KEY, opening="Số liệu {office"), "ngoặc"),
        (OwnOutline(KEY, opening="[a [b [c]]]"), "ngoặc"),
        (OwnOutline(KEY, opening=" "), "để trống"),
        (OwnOutline(KEY, recipients=("",)), "Nơi nhận"),
        (OwnOutline(KEY, addressees=("{directive_documents_issued}",)), "số liệu"),
        (OwnOutline(KEY, sections=(OwnSection("nowhere"),)), "nowhere"),
        (OwnOutline(KEY, sections=(OwnSection("results", sentences=(OwnSentence("x"),)),)), "không có câu"),
        (OwnOutline(KEY, sections=(OwnSection("context", shown=False), OwnSection("results", shown=False))), "mục lớn"),
        (OwnOutline(KEY, sections=(OwnSection("context", title="A\u202eB"),)), "ký tự"),
    ],
)
def test_what_cannot_be_printed_is_refused_by_name(office: Office, typed: OwnOutline, said: str) -> None:
    with pytest.raises(Refused) as refused:
        office.outlines.save(KEY, typed)
    assert refused.value.code == "outline_invalid"
    assert said in refused.value.message


@pytest.mark.parametrize("text", ["opening = 1", "strange = 1", "[[section]]", "x", '[[section]]\nkey = "a"\nfoo = 1'])
def test_a_broken_file_changes_nothing(text: str) -> None:
    with pytest.raises(Refused) as refused:
        from_toml(text, KEY)
    assert refused.value.code == "outline_invalid"


def test_a_newer_catalogue_says_what_no_longer_fits(office: Office) -> None:
    catalog = office.context.catalog
    outline, regime = catalog.outlines[KEY], catalog.regimes[REGIME]
    layer = OwnOutline(
        KEY, 1, closing="Kết quả {gone_figure}.",
        sections=(
            OwnSection("gone_section"),
            OwnSection("results", sentences=(OwnSentence("gone_sentence"),)),
            *(OwnSection(item.key) for item in outline.sections if item.key not in ("results", "tasks")),
        ),
    )  # fmt: skip
    found = worded(catalog, outline, regime, layer)
    assert found.outline.closing == outline.closing
    assert {item.key for item in found.outline.sections} == {item.key for item in outline.sections}
    said = " ".join(found.misfits)
    for words in ("gone_section", "1 câu", "Phương hướng", "phần kết"):
        assert words in said
