"""Signatures in a PDF: made by a file key and by a token, checked by poppler and by our own verdict."""

from __future__ import annotations

import io
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from reportlab.pdfgen.canvas import Canvas
from signing_world import (
    NOW,
    PASSWORD,
    PIN,
    SOFTHSM,
    World,
    make_token,
    make_world,
    p12,
    rsa_key,
)

from danvan_desktop.exchange.pdf_keys import PdfKey, load_certificates, load_crl, open_pkcs12, open_token, token_labels
from danvan_desktop.exchange.pdf_signing import AGENCY, PERSON, Place, field_names, sign_pdf
from danvan_desktop.exchange.pdf_verdict import STATES, PdfVerdict, check_pdf
from danvan_desktop.kernel.errors import Refused


def _page(width: float, height: float, text: str) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(width, height), invariant=1)
    canvas.drawString(5, height / 2, text)
    canvas.save()
    return buffer.getvalue()


PAPER = _page(595, 842, "a report")
PLACE = Place(0, 350.5, 300.25, 140, 70, _page(140, 70, "signed"))


@pytest.fixture(scope="module")
def world() -> World:
    return make_world()


@pytest.fixture(scope="module")
def person(world: World) -> PdfKey:
    return open_pkcs12(p12(*world.issue("Nguyễn Văn Mẫu")), PASSWORD)


@pytest.fixture(scope="module")
def signed(world: World, person: PdfKey) -> tuple[bytes, bytes]:
    """(signed by the person, then by the agency too: RSA)."""
    agency = open_pkcs12(p12(*world.issue("UBND xã Mẫu", key=rsa_key())), PASSWORD)
    first = sign_pdf(PAPER, person, PLACE, PERSON, NOW)
    return first, sign_pdf(first, agency, PLACE, AGENCY, NOW)


def _states(found: tuple[PdfVerdict, ...]) -> list[str]:
    return [item.state for item in found]


def _refused(code: str, call: object) -> Refused:
    with pytest.raises(Refused) as caught:
        call()  # type: ignore[operator]  # the call under test
    assert caught.value.code == code
    return caught.value


def test_every_signature_is_added_behind_what_stood(signed: tuple[bytes, bytes]) -> None:
    first, both = signed
    assert first.startswith(PAPER)
    assert both.startswith(first)
    assert field_names(both) == [PERSON, AGENCY]


def test_poppler_finds_both_signatures_valid(signed: tuple[bytes, bytes], tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed[1])
    said = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, timeout=60).stdout
    assert said.count("Signature Validation: Signature is Valid.") == 2
    assert said.count("ETSI.CAdES.detached") == 2
    assert "Nguyễn Văn Mẫu" in said
    assert "Signing Hash Algorithm: SHA-256" in said
    check = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True, timeout=60)
    assert check.returncode == 0, check.stdout


def test_a_good_signature_is_good(world: World, signed: tuple[bytes, bytes]) -> None:
    found = check_pdf(signed[1], [world.root], [world.crl()], NOW)
    assert _states(found) == ["valid", "valid"]
    assert [item.covers_all for item in found] == [False, True]
    assert (found[0].signer, found[0].issuer) == ("Nguyễn Văn Mẫu", "Cơ quan chứng thực thử nghiệm")
    assert found[0].signed_at == NOW


def test_nothing_unknown_is_taken_for_good(world: World, signed: tuple[bytes, bytes], person: PdfKey) -> None:
    first = signed[0]

    def state(roots: object, crls: object, at: object = NOW) -> str:
        verdict = check_pdf(first, roots, crls, at)[0]  # type: ignore[arg-type]  # lists of the cases below
        assert not verdict.good
        assert verdict.sentence == STATES[verdict.state]
        return verdict.state

    assert state([], []) == "untrusted"
    assert state([make_world("Nơi cấp khác").root], [world.crl()]) == "untrusted"
    assert state([world.root], []) == "revocation_unknown"
    assert state([world.root], [world.crl(first=NOW - timedelta(days=30))]) == "revocation_unknown"  # out of date
    assert state([world.root], [world.crl(person.certificate)]) == "revoked"
    late = NOW + timedelta(days=500)
    assert state([world.root], [world.crl(first=late)], late) == "out_of_time"


def test_a_changed_byte_or_a_page_added_later_is_found(world: World, signed: tuple[bytes, bytes]) -> None:
    from pyhanko.pdf_utils.generic import pdf_name
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    broken = bytearray(signed[0])
    broken[PAPER.index(b"stream") + 30] ^= 1
    assert _states(check_pdf(bytes(broken), [world.root], [world.crl()], NOW)) == ["broken"]
    writer = IncrementalPdfFileWriter(io.BytesIO(signed[0]))
    writer.root["/Pages"]["/Kids"][0].get_object()[pdf_name("/Rotate")] = writer.root["/Pages"]["/Count"]
    writer.update_container(writer.root["/Pages"]["/Kids"][0].get_object())
    edited = io.BytesIO()
    writer.write(edited)  # type: ignore[no-untyped-call]  # of the library
    assert _states(check_pdf(edited.getvalue(), [world.root], [world.crl()], NOW)) == ["changed_after"]
    assert check_pdf(PAPER, [world.root], [], NOW) == ()
    _refused("pdf_invalid", lambda: check_pdf(b"no pdf", [], [], NOW))


def test_keys_that_cannot_sign_are_refused_by_name_of_reason(world: World) -> None:
    key, certificate = world.issue("Nguyễn Văn Mẫu")
    data = p12(key, certificate)
    _refused("key_password_wrong", lambda: open_pkcs12(data, "sai"))
    _refused("key_file_invalid", lambda: open_pkcs12(b"not a key file", PASSWORD))
    _refused("key_file_invalid", lambda: open_pkcs12(b"0" * 2**21, PASSWORD))

    def sign(issued: tuple[object, object]) -> object:
        used = open_pkcs12(p12(issued[0], issued[1]), PASSWORD)  # type: ignore[arg-type]  # key and certificate
        return sign_pdf(PAPER, used, PLACE, PERSON, NOW)

    _refused("cert_expired", lambda: sign(world.issue("a", days=(-30, -1))))
    _refused("cert_not_yet_valid", lambda: sign(world.issue("a", days=(1, 30))))
    _refused("cert_usage", lambda: sign(world.issue("a", usage=False)))
    _refused("key_weak", lambda: sign(world.issue("a", key=rsa_key(1024))))


def test_a_paper_is_signed_once_by_each_and_only_when_whole(person: PdfKey, signed: tuple[bytes, bytes]) -> None:
    _refused("already_signed", lambda: sign_pdf(signed[0], person, PLACE, PERSON, NOW))
    _refused("pdf_not_signable", lambda: sign_pdf(b"%PDF-1.7 nothing", person, PLACE, PERSON, NOW))
    with pytest.raises(ValueError, match="timezone"):
        sign_pdf(PAPER, person, PLACE, PERSON, NOW.replace(tzinfo=None))


def test_files_of_certificates_and_lists(world: World) -> None:
    from danvan_desktop.exchange.pdf_keys import der

    assert load_certificates(der(world.root)) == [world.root]
    assert load_crl(der(world.crl())).issuer == world.root.subject
    _refused("cert_file_invalid", lambda: load_certificates(b"x"))
    _refused("crl_file_invalid", lambda: load_crl(b"x"))


def test_a_token_signs_and_its_trouble_is_told_apart(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _refused("driver_missing", lambda: token_labels(tmp_path / "khong-co.so"))
    make_token(tmp_path, "THE KY", *world.issue("Nguyễn Văn Mẫu", key=rsa_key()), monkeypatch)
    assert token_labels(SOFTHSM) == ("THE KY",)

    def sign(pin: str = PIN, **which: str) -> bytes:
        with open_token(SOFTHSM, pin, **which) as key:
            assert key.name == "Nguyễn Văn Mẫu"
            return sign_pdf(PAPER, key, PLACE, PERSON, NOW)

    assert _states(check_pdf(sign(), [world.root], [world.crl()], NOW)) == ["valid"]
    wrong = _refused("pin_wrong", lambda: sign("00000000"))
    assert "lần" in str(wrong)
    _refused("token_missing", lambda: sign(token="THE KHAC"))
    _refused("token_no_key", lambda: sign(certificate="khong co"))
    make_token(tmp_path, "THE HAI", *world.issue("Nguyễn Văn Mẫu", key=ec.generate_private_key(ec.SECP256R1())),
               monkeypatch)  # fmt: skip
    assert sorted(_refused("token_which", sign).details["tokens"]) == ["THE HAI", "THE KY"]  # slots have no order
    assert _states(check_pdf(sign(token="THE HAI"), [world.root], [world.crl()], NOW)) == ["valid"]
