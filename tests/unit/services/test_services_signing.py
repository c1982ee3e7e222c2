"""A report signed in its PDF, from the reserved number to the package; and the paper way beside it."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import services_office
from PIL import Image, ImageDraw

from danvan_desktop.exchange.pdf_keys import der, open_pkcs12
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.services import preview
from danvan_desktop.services.office import Office
from danvan_desktop.services.paper_inputs import PaperWish
from danvan_desktop.services.signing import PdfKey, file_key

sys.path.insert(0, str(Path(__file__).parents[1] / "exchange"))
from signing_world import NOW, PASSWORD, World, make_world, p12

REGIME, PERIOD = "commune-to-province", "2026-05-01..2026-05-20"
PERSON, OFFICE = "Nguyễn Văn Mẫu", "UBND xã Mẫu"


@pytest.fixture(scope="module")
def world() -> World:
    return make_world()


@pytest.fixture(scope="module")
def keys(world: World) -> dict[str, PdfKey]:
    return {name: open_pkcs12(p12(*world.issue(name)), PASSWORD) for name in (PERSON, OFFICE, "Trần Thị Khác")}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = services_office.make(tmp_path_factory.mktemp("signing") / "home", FixedClock(NOW))
    yield made
    made.close()


def _frozen(office: Office, period: str) -> str:
    office.indicators.confirm_nil(REGIME, period, *office.indicators.undecided(REGIME, period))
    report, _ = office.reports.make(REGIME, period)
    for problem in office.reports.view(report).problems:
        kind, _, key = problem.key.partition(":")
        if problem.severity == "error" and kind == "section":
            office.reports.edit(report, key, f"Đã triển khai theo kế hoạch của kỳ {period}.")
    office.reports.approve(report)
    return report


@pytest.fixture(scope="module")
def report(office: Office) -> str:
    return _frozen(office, PERIOD)


def _reds(picture: preview.Picture) -> int:
    """Points of a page that are red."""
    pixels = picture.pixels
    triples = zip(pixels[0::3], pixels[1::3], pixels[2::3], strict=True)
    return sum(1 for blue, green, red in triples if red > 150 and green < 90 and blue < 90)


def _code(call: object) -> str:
    with pytest.raises(Refused) as caught:
        call()  # type: ignore[operator]  # the call under test
    return caught.value.code


def _picture(colour: str = "black") -> bytes:
    image = Image.new("RGB", (400, 200), "white")
    ImageDraw.Draw(image).line([(20, 180), (150, 20), (240, 170), (380, 30)], fill=colour, width=9)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def test_the_whole_way_of_a_signed_report(
    office: Office, report: str, world: World, keys: dict[str, PdfKey], tmp_path: Path
) -> None:
    signing = office.signing
    state = signing.state(report)
    assert (state.mode, state.number, state.next, state.signer) == ("", None, "person", PERSON)
    assert _code(lambda: signing.sign(report, "agency", keys[OFFICE])) == "person_first"
    assert _code(lambda: signing.sign(report, "person", keys["Trần Thị Khác"])) == "signer_other"
    assert signing.state(report).mode == ""  # nothing was reserved by a refused signature
    signing.keep_image("person", _picture(), PERSON)
    signing.keep_image("agency", _picture(), diameter_mm=36)
    assert _code(lambda: signing.keep_image("agency", _picture(), diameter_mm=90)) == "seal_size"
    assert _code(lambda: signing.keep_image("agency", b"x")) == "image_invalid"

    # begun, given up: the number is free again, what was signed counts no more
    paper, _ = signing.sign(report, "person", keys[PERSON])
    first = signing.state(report)
    assert (first.mode, first.number, first.next) == ("electronic", 1, "agency")
    assert office.reports.pdf(report) == signing.data(paper)
    assert _code(lambda: signing.sign(report, "person", keys[PERSON])) == "already_signed"
    assert _code(lambda: signing.attach_scan(report, tmp_path / "khong-co.pdf")) == "scan_unreadable"
    assert _code(lambda: signing.abandon(report, " ")) == "reason_needed"
    signing.abandon(report, "ký nhầm bản")
    assert (signing.state(report).mode, signing.state(report).papers) == ("", ())
    assert office.reports.pdf(report) != signing.data(paper)

    signing.sign(report, "person", keys[PERSON])
    assert signing.state(report).number == 1  # gapless: the number given back is given again
    signed, _ = signing.sign(report, "agency", keys[OFFICE])
    assert signing.state(report).next == ""
    shown = preview.paper(office.reports.view(report))
    assert shown.pdf == signing.data(signed)  # what is shown and printed
    reds = [sum(_reds(preview.page_picture(pdf, page, 400)) for page in range(shown.pages))
            for pdf in (shown.pdf, signing.data(signing.state(report).papers[0]))]  # fmt: skip
    assert reds[0] > 100 > reds[1]  # the seal shows once the agency has signed
    files = office.reports.render(report, tmp_path)
    assert files[0].read_bytes() == signing.data(signed)

    # what is not known is said; then the root and the list are taken in, and it is good
    assert [item.state for item in office.pdf_trust.check(office.reports.pdf(report))] == ["untrusted"] * 2
    crl, root = tmp_path / "thu-hoi.crl", tmp_path / "goc.cer"
    crl.write_bytes(der(world.crl()))
    root.write_bytes(der(world.root))
    assert _code(lambda: office.pdf_trust.add(crl)) == "crl_unsigned"
    office.pdf_trust.add(root)
    assert [item.state for item in office.pdf_trust.check(office.reports.pdf(report))] == ["revocation_unknown"] * 2
    office.pdf_trust.add(crl)
    assert [item.state for item in office.pdf_trust.check(office.reports.pdf(report))] == ["valid"] * 2
    assert [item.kind for item in office.pdf_trust.items()] == ["root", "crl"]
    office.pdf_trust.remove(office.pdf_trust.items()[1].sha256)
    assert [item.state for item in office.pdf_trust.check(office.reports.pdf(report))] == ["revocation_unknown"] * 2


def test_what_is_packed_is_what_was_signed_and_nothing_half_done(
    office: Office, keys: dict[str, PdfKey], tmp_path: Path
) -> None:
    from danvan_desktop.exchange.keys import AgeIdentity, generate_office_key, key_card

    above = "01928f00-0000-7000-8000-0000000000bb"
    card = key_card(above, "Ủy ban nhân dân tỉnh Mẫu", generate_office_key(above, "Tỉnh", NOW, NOW.replace(year=2030)),
                    AgeIdentity.generate().recipient)  # fmt: skip
    office.trust.add(card, office_id=above, fingerprint=card.fingerprint, relation="parent")
    report = _frozen(office, "2026-05-04..2026-05-23")
    office.signing.reserve(report)
    assert _code(lambda: office.packages.export(report, tmp_path)) == "signing_unfinished"
    office.signing.sign(report, "person", keys[PERSON])
    paper, _ = office.signing.sign(report, "agency", keys[OFFICE])
    path, _ = office.packages.export(report, tmp_path)
    assert zipfile.ZipFile(path).read("bao-cao.pdf") == office.signing.data(paper)
    assert _code(lambda: office.signing.abandon(report, "muộn rồi")) == "already_sent"


def test_paper_and_electronic_do_not_mix(office: Office, keys: dict[str, PdfKey], tmp_path: Path) -> None:
    report = _frozen(office, "2026-05-02..2026-05-21")
    scan = tmp_path / "ban-quet.pdf"
    scan.write_bytes(b"%PDF-1.7 a scan")
    assert _code(lambda: office.signing.attach_scan(report, scan)) == "not_numbered_on_paper"
    office.reports.number(report)
    assert _code(lambda: office.signing.sign(report, "person", keys[PERSON])) == "numbered_on_paper"
    assert _code(lambda: office.signing.abandon(report, "x")) == "not_reserved"
    (tmp_path / "anh.txt").write_bytes(b"text")
    assert _code(lambda: office.signing.attach_scan(report, tmp_path / "anh.txt")) == "scan_invalid"
    before = office.reports.pdf(report)
    kept, _ = office.signing.attach_scan(report, scan)
    assert office.signing.state(report).papers == (kept,)
    assert office.reports.pdf(report) == before  # a scan never takes the place of the original
    assert office.signing.data(kept) == scan.read_bytes()


def test_an_issued_report_with_faults_of_layout_is_corrected_by_letter(office: Office, tmp_path: Path) -> None:
    report = _frozen(office, "2026-05-05..2026-05-24")
    assert _code(lambda: office.papers.make(PaperWish("correction", report=report))) == "not_issued"
    issue, _ = office.reports.number(report)
    before = office.reports.view(report).sha256
    letter, _ = office.papers.make(PaperWish("correction", report=report))
    view = office.papers.view(letter)
    number = f"{issue.number:02d}/BC-UBND"
    assert view.document.layout == "letter"
    assert view.document.head.abstract == f"đính chính Báo cáo số {number}"
    assert view.document.head.addressees == office.reports.view(report).document.head.addressees
    opening = view.document.opening[0].text
    assert opening.startswith(f"Ngày 04/06/2026, Ủy ban nhân dân xã Mẫu đã ban hành Báo cáo số {number} “Kết quả")
    assert "thể thức, kỹ thuật trình bày" in opening
    assert _code(lambda: office.papers.approve(letter)) != ""  # the places to be filled in are not
    office.papers.edit(letter, {"errors": "- Tại trang 1, dòng 3, đã in: “ngày 4”;\n- Nay sửa là: “ngày 04”."})
    office.papers.approve(letter)
    number_of_letter, _ = office.papers.number(letter)
    assert number_of_letter.number == 1  # letters have a series of their own
    assert [item.suffix for item in office.papers.render(letter, tmp_path)] == [".pdf", ".docx"]
    assert office.reports.view(report).sha256 == before  # the report stays as it was issued


def test_a_draft_is_not_signed_and_a_key_file_is_read_once(
    office: Office, keys: dict[str, PdfKey], world: World, tmp_path: Path
) -> None:
    draft, _ = office.reports.make(REGIME, "2026-05-03..2026-05-22")
    assert _code(lambda: office.signing.sign(draft, "person", keys[PERSON])) == "report_not_frozen"
    path = tmp_path / "khoa.p12"
    path.write_bytes(p12(*world.issue(PERSON)))
    assert file_key(path, PASSWORD).name == PERSON
    assert _code(lambda: file_key(tmp_path / "khong-co.p12", PASSWORD)) == "key_file_invalid"
