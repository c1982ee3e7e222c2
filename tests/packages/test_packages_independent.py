"""Other people's tools agree: unzip, openssl and sha256sum check our packages, and we check what openssl signed."""

from __future__ import annotations

import base64
import io
import re
import subprocess
import zipfile
from pathlib import Path

import package_builder as pb
import pytest
from cryptography import x509

from danvan_desktop.exchange.keys import fingerprint_of, read_key_card
from danvan_desktop.exchange.trust import TrustView
from danvan_desktop.exchange.verify import verify

MANIFEST, SIGNATURE = "META-INF/ASiCManifest001.xml", "META-INF/signature001.p7s"
HERE = Path(__file__).parent


def run(folder: Path, *command: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, cwd=folder, input=stdin, capture_output=True, timeout=60, check=False)


def openssl_verify(folder: Path) -> subprocess.CompletedProcess[bytes]:
    return run(
        folder, "openssl", "cms", "-verify", "-cades", "-inform", "DER", "-in", SIGNATURE, "-content", MANIFEST,
        "-binary", "-CAfile", "cert.pem", "-purpose", "any", "-out", "/dev/null",
    )  # fmt: skip


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    (tmp_path / "report.dvpkg").write_bytes(pb.report())
    (tmp_path / "cert.pem").write_bytes(pb.child_key().certificate_pem)
    done = run(tmp_path, "unzip", "-o", "report.dvpkg")
    assert done.returncode == 0, done.stdout + done.stderr
    return tmp_path


def test_openssl_accepts_the_signature(unpacked: Path) -> None:
    done = openssl_verify(unpacked)
    assert done.returncode == 0 and b"successful" in done.stderr, done.stderr


def test_openssl_refuses_a_changed_manifest(unpacked: Path) -> None:
    manifest = unpacked / MANIFEST
    manifest.write_bytes(manifest.read_bytes().replace(b"bao-cao", b"bao-cai"))
    assert openssl_verify(unpacked).returncode != 0


def test_openssl_refuses_another_certificate(unpacked: Path) -> None:
    (unpacked / "cert.pem").write_bytes(pb.stranger_key().certificate_pem)
    assert openssl_verify(unpacked).returncode != 0


def test_sha256sum_agrees_with_manifest_and_package_json(unpacked: Path) -> None:
    manifest = (unpacked / MANIFEST).read_text("ascii")
    pairs = re.findall(r'DataObjectReference URI="([^"]+)".*?<ds:DigestValue>([^<]+)<', manifest)
    assert [name for name, _ in pairs] == ["package.json", "report.json", pb.PDF_NAME]
    lines = "".join(f"{base64.b64decode(digest).hex()}  {name}\n" for name, digest in pairs)
    done = run(unpacked, "sha256sum", "-c", "--strict", "-", stdin=lines.encode())
    assert done.returncode == 0 and done.stdout.count(b": OK") == 3, done.stdout
    listed = re.findall(r'"name":"([^"]+)","sha256":"([0-9a-f]{64})"', (unpacked / "package.json").read_text("utf-8"))
    done = run(unpacked, "sha256sum", "-c", "--strict", "-", stdin="".join(f"{h}  {n}\n" for n, h in listed).encode())
    assert done.returncode == 0 and done.stdout.count(b": OK") == 2, done.stdout


def test_the_kept_sample_passes_by_hand(tmp_path: Path) -> None:
    card = read_key_card((HERE / "format-1-office.dvkey").read_bytes())
    (tmp_path / "cert.pem").write_text(card.certificate_pem)
    assert run(tmp_path, "unzip", str(HERE / "format-1-report.dvpkg")).returncode == 0
    assert openssl_verify(tmp_path).returncode == 0


def test_the_zip_is_plain_and_the_mimetype_can_be_seen_by_file_tools() -> None:
    data = pb.report()
    assert data[30:38] == b"mimetype" and data[38:69] == b"application/vnd.etsi.asic-e+zip"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["mimetype", "package.json", "report.json", pb.PDF_NAME, MANIFEST, SIGNATURE]
        assert all(item.extra == b"" and item.date_time[0] == 1980 for item in archive.infolist())


@pytest.mark.parametrize("kind", ["ec", "rsa", "pss"])
def test_we_accept_what_openssl_signed(tmp_path: Path, kind: str) -> None:
    subject = ["-x509", "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "3650", "-subj", "/CN=OpenSSL",
               "-addext", "keyUsage=critical,digitalSignature", "-addext",
               "basicConstraints=critical,CA:FALSE"]  # fmt: skip
    new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"] if kind == "ec" else ["-newkey", "rsa:2048"]
    done = run(tmp_path, "openssl", "req", *new, *subject)
    assert done.returncode == 0, done.stderr
    done = run(tmp_path, "openssl", "x509", "-in", "cert.pem", "-outform", "DER", "-out", "cert.der")
    assert done.returncode == 0, done.stderr
    der = (tmp_path / "cert.der").read_bytes()

    forge = pb.Forge.report()
    forge.info["signers_required"] = [fingerprint_of(der)]
    forge.manifest = forge.parts()[MANIFEST]
    (tmp_path / "manifest").write_bytes(forge.manifest)
    padding = ["-keyopt", "rsa_padding_mode:pss"] if kind == "pss" else []
    done = run(tmp_path, "openssl", "cms", "-sign", "-cades", "-binary", "-md", "sha256", "-in", "manifest", "-signer",
               "cert.pem", "-inkey", "key.pem", "-outform", "DER", "-out", "s.p7s", *padding)  # fmt: skip
    assert done.returncode == 0, done.stderr
    forge.signature = (tmp_path / "s.p7s").read_bytes()

    begins = x509.load_der_x509_certificate(der).not_valid_before_utc
    package = verify(forge.build(), trust=TrustView((pb.trusted(certificate_der=der),)), at=begins)
    assert package.verdict == "verified"
    assert package.notes == (("signature_pkcs1v15",) if kind == "rsa" else ())


def test_a_zip_of_another_tool_is_taken(unpacked: Path) -> None:
    """``zip -X`` in the right order makes the same container: nothing in it is a secret of ours."""
    names = ["package.json", "report.json", pb.PDF_NAME, MANIFEST, SIGNATURE]
    assert run(unpacked, "zip", "-X0", "again.dvpkg", "mimetype").returncode == 0
    assert run(unpacked, "zip", "-X9", "again.dvpkg", *names).returncode == 0
    package = verify((unpacked / "again.dvpkg").read_bytes(), trust=pb.trust(), at=pb.AT)
    assert package.members[pb.PDF_NAME] == pb.PDF


def test_the_commands_of_the_description_work_as_written(tmp_path: Path) -> None:
    text = (HERE.parents[1] / "docs" / "package-format.md").read_text("utf-8")
    commands = re.search(r"```sh\n(.*?)```", text, re.S)
    assert commands is not None
    (tmp_path / "report.dvpkg").write_bytes((HERE / "format-1-report.dvpkg").read_bytes())
    (tmp_path / "office.dvkey").write_bytes((HERE / "format-1-office.dvkey").read_bytes())
    done = run(tmp_path, "bash", "-eu", "-o", "pipefail", "-c", commands[1])
    assert done.returncode == 0, done.stderr
    card = read_key_card((HERE / "format-1-office.dvkey").read_bytes())
    assert card.fingerprint.upper().encode() in done.stdout.replace(b":", b"")
    assert done.stdout.count(b": OK") == 3 and b"successful" in done.stderr
