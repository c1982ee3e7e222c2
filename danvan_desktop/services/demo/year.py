"""All records of the demonstration, from 01/01/2025 to 28/5/2026, in the order they were entered."""

from __future__ import annotations

from . import centre as _centre
from . import people_work as _people
from . import steering as _steering
from .entries import Chance, Entry


def _ordered(entries: list[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda item: item.entered_on)


def centre() -> list[Entry]:
    """What the public administration service centre entered."""
    chance = Chance(2025)
    return _ordered([*_centre.procedures(chance), *_centre.surveys(chance), *_centre.others(chance)])


def hub() -> list[Entry]:
    """What the other agencies of the commune entered at the hub."""
    chance = Chance(2026)
    return _ordered(
        [
            *_steering.documents(chance),
            *_steering.communication(chance),
            *_steering.models(chance),
            *_steering.disclosures(chance),
            *_steering.supervision(chance),
            *_people.receptions(chance),
            *_people.petitions(chance),
            *_people.dialogues(chance),
            *_people.situations(chance),
        ]
    )
