"""All records of the demonstration, from 01/01/2025 to 28/5/2026, in the order they were entered."""

from __future__ import annotations

from . import centre as _centre
from . import community as _community
from . import department as _department
from . import desk as _desk
from . import leadership as _leadership
from . import outreach as _outreach
from . import people_work as _people
from . import steering as _steering
from .entries import Chance, Entry
from .offices import CENTRE_ID, CULTURE_ID


def _ordered(entries: list[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda item: item.entered_on)


def centre() -> list[Entry]:
    """What the public administration service centre entered."""
    chance, more = Chance(2025), Chance(2027)
    return _ordered(
        [
            *_centre.procedures(chance),
            *_centre.surveys(chance),
            *_centre.others(chance),
            *_community.conferences(more, (CENTRE_ID,)),
            *_outreach.centre(more),
            *_leadership.centre(Chance(2028)),
            *_desk.declared(CENTRE_ID),
        ]
    )


def hub() -> list[Entry]:
    """What the other agencies of the commune entered at the hub."""
    chance, more = Chance(2026), Chance(2028)
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
            *_community.meetings(more),
            *_community.mediation(more),
            *_community.papers(more),
            *_community.boards(more),
            *_community.conferences(more),
            *_community.duty(more),
            *_outreach.reception_days(more),
            *_outreach.voters(more),
            *_outreach.visits(more),
            *_outreach.training(more),
            *_outreach.programmes(more),
            *_outreach.clearance(more),
            *_outreach.funds(more),
            *_leadership.hub(Chance(2029)),
            *_desk.declared(CULTURE_ID),
        ]
    )


def unit() -> list[Entry]:
    """What the unit of the department entered."""
    return _ordered(_department.unit())


def department() -> list[Entry]:
    """What the department entered of itself."""
    return _ordered(_department.hub())
