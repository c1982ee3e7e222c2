"""Which cycle goes with which deadline of a sentence, read in the order of its words."""

from __future__ import annotations

from .due import Found
from .model import Due

_PERIODIC = ("month", "quarter", "half_year", "nine_months", "year")


def paired(found: list[Found]) -> list[tuple[str, Due]]:
    """Each cycle with its deadline, read in the order of the sentence."""
    events = [item for item in found if item.due or item.cycle]
    if not events:
        return []
    dues = [item for item in events if item.due]
    cycles = [item for item in events if item.cycle]
    if not dues:
        return [(item.cycle or "unknown", Due()) for item in cycles]
    if not cycles:
        return [(_by_date(item.due, len(dues)), item.due) for item in dues if item.due]
    if (
        events[0].due
        and all(a.due is not None and b.cycle is not None for a, b in zip(events[::2], events[1::2], strict=False))
        and len(dues) == len(cycles)
        and not _is_month(cycles)
        and all(item.cycle != "ad_hoc" for item in cycles)
    ):
        return [(cycle.cycle or "unknown", due.due or Due()) for due, cycle in zip(dues, cycles, strict=True)]
    return _grouped(events)


def _is_month(cycles: list[Found]) -> bool:
    return any(item.start == item.end for item in cycles)


def _grouped(events: list[Found]) -> list[tuple[str, Due]]:
    pairs: list[tuple[str, Due]] = []
    waiting: list[str] = []
    index = 0
    leading: list[Due] = []
    while index < len(events):
        run_cycles: list[str] = []
        while index < len(events) and events[index].cycle:
            run_cycles.append(events[index].cycle or "")
            index += 1
        run_dues: list[Found] = []
        while index < len(events) and events[index].due:
            run_dues.append(events[index])
            index += 1
        if not run_cycles:
            leading = [item.due for item in run_dues if item.due]
            continue
        if leading:
            # "trước ngày 15/6 và 15/12 hằng năm": the dates come first, the cycle tells little more
            if set(run_cycles) <= {"year", "ad_hoc"} and len(leading) > 1:
                pairs += [(_by_date(due, len(leading)), due) for due in leading]
            elif run_cycles[0] in _PERIODIC or run_cycles[0] == "event":
                pairs += [(run_cycles[0], due) for due in leading]
            else:
                pairs += [(_by_date(due, len(leading)), due) for due in leading]
                pairs.append((run_cycles[0], Due()))
            leading = []
            run_cycles = run_cycles[1:]
        pairs += _run(run_cycles, run_dues, waiting)
    pairs += [(_by_date(due, len(leading)), due) for due in leading]
    return pairs


def _run(cycles: list[str], found: list[Found], waiting: list[str]) -> list[tuple[str, Due]]:
    dues = [item.due for item in found if item.due]
    dated = [cycle for cycle in cycles if cycle in _PERIODIC]
    other = [(cycle, Due()) for cycle in cycles if cycle not in _PERIODIC and cycle != "event"]
    events = [cycle for cycle in cycles if cycle == "event"]
    if not dues:
        return [(cycle, Due()) for cycle in cycles]
    if not dated:
        if events:
            return [*other, *(("event", due) for due in dues)]
        return [*other, *((_by_date(due, len(dues)), due) for due in dues)]
    if len(dated) == len(dues):
        return [*zip(dated, dues, strict=True), *other]
    if len(dues) == 1:
        if found[0].bracketed:
            return [*((cycle, Due()) for cycle in dated[:-1]), (dated[-1], dues[0]), *other]
        return [*((cycle, dues[0]) for cycle in dated), *other]
    if len(dated) == 1:
        if dated[0] == "year" and len(dues) > 1:
            return [*((_by_date(due, len(dues)), due) for due in dues), *other]
        return [*((dated[0], due) for due in dues), *other]
    return [*((cycle, due) for cycle, due in zip(dated, dues, strict=False)),
            *((_by_date(due, len(dues)), due) for due in dues[len(dated):]),
            *((cycle, Due()) for cycle in dated[len(dues):]), *other]  # fmt: skip


def _by_date(due: Due | None, count: int) -> str:
    """The cycle a bare date tells: one in May to July is the half year's, one in the last months the year's."""
    if due is None or due.month is None:
        return "unknown"
    if due.year is not None and count == 1:
        return "once"
    if due.month in (5, 6, 7):
        return "half_year"
    if due.month in (10, 11, 12, 1):
        return "year"
    if due.month == 9 and count > 1 and due.year is None:
        return "nine_months"
    return "once" if due.year is not None else "unknown"
