"""The signed list of members: ASiCManifest of ETSI EN 319 162-1, written and read strictly."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from .container import SIGNATURE_NAME
from .limits import Limits
from .reasons import PackageRefused
from .strict import is_media_type, is_member_name

ASIC = "http://uri.etsi.org/02918/v1.2.1#"
DS = "http://www.w3.org/2000/09/xmldsig#"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
SIGNATURE_MEDIA_TYPE = "application/pkcs7-signature"


@dataclass(frozen=True, slots=True)
class Listed:
    """One member in the manifest: its media type and SHA-256 (32 bytes)."""

    name: str
    media_type: str
    digest: bytes


def write_manifest(items: Iterable[Listed]) -> bytes:
    """The manifest bytes that are signed. Names and media types must already be of the allowed alphabet."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<asic:ASiCManifest xmlns:asic="{ASIC}" xmlns:ds="{DS}">',
        f'<asic:SigReference URI="{SIGNATURE_NAME}" MimeType="{SIGNATURE_MEDIA_TYPE}"/>',
    ]
    for item in items:
        lines.append(
            f'<asic:DataObjectReference URI="{item.name}" MimeType="{item.media_type}">'
            f'<ds:DigestMethod Algorithm="{SHA256}"/>'
            f"<ds:DigestValue>{base64.b64encode(item.digest).decode('ascii')}</ds:DigestValue>"
            "</asic:DataObjectReference>"
        )
    lines.append("</asic:ASiCManifest>\n")
    return "\n".join(lines).encode("ascii")


class _Bad(Exception):
    """The manifest breaks a rule; raised inside parser callbacks."""


class _Node:
    __slots__ = ("attributes", "children", "tag", "text")

    def __init__(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.tag = tag
        self.attributes = dict(attributes)
        self.children: list[_Node] = []
        self.text = ""


class _Tree:
    """A small element tree from expat; document types, entities and instructions end the reading at once."""

    def __init__(self) -> None:
        self._stack = [_Node("", {})]
        parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._forbidden
        parser.EntityDeclHandler = self._forbidden
        parser.ExternalEntityRefHandler = self._forbidden
        parser.ProcessingInstructionHandler = self._forbidden
        self._parser = parser

    def read(self, data: bytes) -> _Node:
        self._parser.Parse(data, True)
        return self._stack[0].children[0]

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if len(self._stack) > 4:
            raise _Bad("nested too deeply")
        node = _Node(tag, attributes)
        self._stack[-1].children.append(node)
        self._stack.append(node)

    def _end(self, _tag: str) -> None:
        self._stack.pop()

    def _characters(self, text: str) -> None:
        self._stack[-1].text += text

    def _forbidden(self, *_: Any) -> int:
        raise _Bad("document type, entity or processing instruction")


def _shape(node: _Node, tag: str, attributes: set[str], children: int, *, text: bool = False) -> None:
    if node.tag != tag or set(node.attributes) != attributes or len(node.children) != children:
        raise _Bad(f"unexpected element {node.tag[-40:]!r}")
    if node.text.strip() and not text:
        raise _Bad("text between elements")


def read_manifest(data: bytes, limits: Limits) -> tuple[Listed, ...]:
    """The members listed in manifest bytes **whose signature already holds**.

    Raises PackageRefused ``manifest_invalid``, or ``algorithm_weak`` for a digest other than SHA-256.
    """
    try:
        if not data.isascii() or b"\0" in data:
            raise _Bad("not ASCII")  # expat would follow a byte order mark into UTF-16 whatever it was told
        root = _Tree().read(data)
        _shape(root, f"{ASIC} ASiCManifest", set(), len(root.children))
        if not root.children:
            raise _Bad("empty")
        signature, *objects = root.children
        _shape(signature, f"{ASIC} SigReference", {"URI", "MimeType"}, 0)
        if signature.attributes["URI"] != SIGNATURE_NAME:
            raise _Bad("refers to another signature")
        listed = tuple(_object(node, limits) for node in objects)
    except (_Bad, expat.ExpatError, ValueError) as error:
        raise PackageRefused("manifest_invalid", why=str(error)[:200]) from error
    names = [item.name.lower() for item in listed]
    if len(set(names)) != len(names) or len(names) > limits.members:
        raise PackageRefused("manifest_invalid", why="a member twice, or too many")
    return listed


def _object(node: _Node, limits: Limits) -> Listed:
    _shape(node, f"{ASIC} DataObjectReference", {"URI", "MimeType"}, 2)
    method, value = node.children
    _shape(method, f"{DS} DigestMethod", {"Algorithm"}, 0)
    _shape(value, f"{DS} DigestValue", set(), 0, text=True)
    name, media_type = node.attributes["URI"], node.attributes["MimeType"]
    if not is_member_name(name, limits.name) or not is_media_type(media_type):
        raise _Bad("name or media type not allowed")
    if method.attributes["Algorithm"] != SHA256:
        raise PackageRefused("algorithm_weak", algorithm=method.attributes["Algorithm"][:100])
    try:
        digest = base64.b64decode(value.text.strip(), validate=True)
    except binascii.Error as error:
        raise _Bad("digest not base64") from error
    if len(digest) != 32:
        raise _Bad("digest of wrong length")
    return Listed(name, media_type, digest)
