"""What did not happen is said in one sentence; annexes with nothing to show are left out."""

from __future__ import annotations

import pytest
from test_reporting_draft import check_clean
from test_reporting_shipped import CATALOG, drafted

from danvan_desktop.catalog.loader import load_shipped
from danvan_desktop.catalog.model import OutlineSection
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.reporting.draft import _nothing_of, make_draft

SECTION = OutlineSection("s", "S", 2)


@pytest.mark.parametrize(
    ("phrases", "sentence"),
    [
        (["cuộc họp"], "Trong kỳ không phát sinh cuộc họp."),
        (["cuộc họp", "đơn"], "Trong kỳ không phát sinh cuộc họp và đơn."),
        (["cuộc họp", "đơn", "hương ước"], "Trong kỳ không phát sinh cuộc họp, đơn và hương ước."),
        (["cuộc họp", "đơn khiếu nại, tố cáo"], "Trong kỳ không phát sinh cuộc họp; đơn khiếu nại, tố cáo."),
    ],
)
def test_phrases_become_one_sentence(phrases: list[str], sentence: str) -> None:
    [found] = _nothing_of(SECTION, phrases)
    assert (found.key, found.text) == ("s.nothing", sentence)
    assert _nothing_of(SECTION, []) == []


@pytest.mark.parametrize("regime", ["agency-to-commune", "commune-to-province", "unit-to-department",
                                    "department-to-province"])  # fmt: skip
def test_an_idle_half_year_has_one_sentence_an_area_and_no_empty_annex(regime: str) -> None:
    draft = make_draft(drafted(regime, "half_year", "nil"))
    check_clean(draft)
    for section in draft.sections:
        if section.key[:14] == "results_area_5" or section.key in (
            "results_area_6",
            "results_area_7",
            "results_area_8",
        ):
            texts = [item.text for item in section.paragraphs]
            assert len(texts) == 1, texts
            assert texts[0].startswith("Trong kỳ không phát sinh ")
    assert {"receptions_petitions", "dialogues", "disclosures"}.isdisjoint(item.key for item in draft.annexes)
    assert f"các Phụ lục I, II{', III' if len(draft.annexes) == 3 else ''} kèm theo" in draft.closing[0].text


def test_the_annex_of_receptions_stands_where_there_were_some() -> None:
    draft = make_draft(drafted("commune-to-province", "half_year", "full"))
    [annex] = [item for item in draft.annexes if item.key == "receptions_petitions"]
    assert annex.rows[0].kind == "group"
    assert "receptions/periodic" in [row.key for row in annex.rows]


@pytest.mark.parametrize(
    "words",
    [
        'when = "any"\nphrase = "x"', 'when = "nil"\nphrase = "x"\ntext = "Y."',
        'when = "nil"\nphrase = "{receptions}"', 'when = "nil"',
    ],
)  # fmt: skip
def test_phrases_out_of_place_are_refused(words: str) -> None:
    section = (
        '[[section]]\nkey = "s"\ntitle = "S"\nlevel = 2\n[[section.sentence]]\nkey = "a"\nrequires = ["receptions"]\n'
    )
    with pytest.raises(Refused, match="catalog_invalid"):
        load_shipped({"zz.toml": section + words + "\n"})
    assert CATALOG.hash == load_shipped().hash
