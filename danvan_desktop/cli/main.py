"""From the command line to a service and back: exit 0 done, 1 refused, 2 wrong usage, 3 our fault."""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .. import __version__
from ..kernel import logs
from ..kernel.clock import SystemClock
from ..kernel.errors import DanvanError
from ..kernel.paths import default_home
from ..kernel.reading import reason
from .output import Output
from .parser import parse

if TYPE_CHECKING:
    from .session import Session

Command = Callable[["Session"], int]

# module:function, imported when the command is run: asking for help must not load a database and a PDF library
COMMANDS: dict[tuple[str, str | None], str] = {
    ("demo", None): "office:demo",
    ("setup", None): "office:setup",
    ("self-test", None): "office:self_test",
    ("backup", None): "office:backup",
    ("restore", None): "office:restore",
    ("check", None): "office:check",
    ("office", "show"): "office:show",
    ("office", "export-key"): "office:export_key",
    ("office", "confirm-clock"): "office:confirm_clock",
    ("office", "dates"): "office:dates",
    ("office", "set-dates"): "office:set_dates",
    ("office", "outline"): "outlines:outline",
    ("office", "calendar"): "places:calendar",
    ("office", "set-day"): "places:set_day",
    ("office", "village"): "places:villages",
    ("office", "agency"): "places:agencies",
    ("trust", "add"): "office:trust_add",
    ("trust", "list"): "office:trust_list",
    ("trust", "pdf-add"): "signing:trust_add",
    ("trust", "pdf-list"): "signing:trust_list",
    ("trust", "pdf-remove"): "signing:trust_remove",
    ("due", None): "due:due",
    ("plan", "import"): "work:plan_import",
    ("plan", "list"): "work:plan_list",
    ("plan", "tasks"): "plan_tasks:tasks",
    ("plan", "task"): "plan_tasks:task",
    ("plan", "targets"): "plan_targets:targets",
    ("plan", "set-target"): "plan_targets:set_target",
    ("record", "add"): "work:record_add",
    ("record", "list"): "work:record_list",
    ("record", "export"): "work:record_export",
    ("record", "nil"): "work:record_nil",
    ("register", "list"): "registers:listing",
    ("register", "export"): "registers:export",
    ("record", "import"): "sheets:record_import",
    ("record", "imports"): "sheets:record_imports",
    ("record", "undo-import"): "sheets:record_undo_import",
    ("excel", "template"): "sheets:excel_template",
    ("indicators", None): "work:indicators",
    ("scoring", "show"): "scoring:show",
    ("scoring", "set"): "scoring:set_points",
    ("scoring", "happened"): "scoring:happened",
    ("scoring", "choose"): "scoring:choose",
    ("consolidate", None): "work:consolidate",
    ("plan", "print"): "papers:print_plan",
    ("paper", "kinds"): "papers:kinds",
    ("paper", "make"): "papers:make",
    ("paper", "list"): "papers:listing",
    ("paper", "show"): "papers:show",
    ("paper", "edit"): "papers:edit",
    ("paper", "approve"): "papers:approve",
    ("paper", "number"): "papers:number",
    ("paper", "discard"): "papers:discard",
    ("paper", "render"): "papers:render",
    ("report", "make"): "reports:make",
    ("report", "list"): "reports:listing",
    ("report", "show"): "reports:show",
    ("report", "edit"): "reports:edit",
    ("report", "explain"): "reports:explain",
    ("report", "estimate"): "reports:estimate",
    ("report", "refresh"): "reports:refresh",
    ("report", "charts"): "reports:charts",
    ("report", "discard"): "reports:discard",
    ("report", "approve"): "reports:approve",
    ("report", "number"): "reports:number",
    ("report", "render"): "reports:render",
    ("report", "sign"): "signing:sign",
    ("report", "unsign"): "signing:abandon",
    ("report", "scan"): "signing:scan",
    ("report", "signature-image"): "signing:keep_image",
    ("report", "signatures"): "signing:signatures",
    ("package", "export"): "packages:export",
    ("package", "evidence"): "packages:evidence",
    ("package", "verify"): "packages:verify",
    ("package", "import"): "packages:take",
    ("package", "list"): "packages:listing",
    ("package", "accept"): "packages:accept",
    ("package", "return"): "packages:give_back",
    ("package", "recall"): "packages:recall",
    ("package", "undo"): "packages:undo",
}


def command_of(words: tuple[str, str | None]) -> Command:
    """The function behind the words of a command."""
    module, _, name = COMMANDS[words].partition(":")
    command: Command = getattr(importlib.import_module(f"{__package__}.{module}"), name)
    return command


def run(argv: Sequence[str]) -> int:
    """Run one command and return its exit code. Never raises for what a person can cause."""
    output = Output("--json" in argv)
    home = default_home()
    try:
        options = parse(argv)
        home = Path(options.home) if hasattr(options, "home") else home
        if options.version:
            output.result({"version": __version__}, [f"danvan_desktop {__version__}"])
            return 0
        if options.command is None:
            return _window(options)
        from .session import Session  # opens homes: needs the services

        session = Session(options, output)
        try:
            return command_of((options.command, getattr(options, "subcommand", None)))(session)
        finally:
            session.close()
    except DanvanError as error:
        output.error(error.code, error.message, dict(error.details))
        return error.exit_code
    except KeyboardInterrupt:
        output.error("cancelled", "Đã dừng theo yêu cầu; dữ liệu giữ nguyên như trước.", {})
        return 1
    except BrokenPipeError:
        return 0
    except OSError as error:  # a disk, a stick, a name: the machine's fault or the path's, not ours
        where = f" “{error.filename}”" if isinstance(error.filename, str) else ""
        output.error(
            "file_problem",
            f"Máy không đọc hoặc ghi được{where} ({reason(error)}). Việc này chưa xong, dữ liệu đã lưu vẫn nguyên; "
            "hãy kiểm tra đường dẫn, quyền truy cập, dung lượng ổ đĩa rồi làm lại.",
            {},
        )
        return 1
    except Exception as error:
        return _our_fault(error, home, output)


def _our_fault(error: Exception, home: Path, output: Output) -> int:
    try:
        folder = (home / "logs") if home.is_dir() else Path(tempfile.gettempdir())
        where = str(logs.write_crash(folder, SystemClock(), error))
    except (OSError, DanvanError):
        where = ""
    said = f" Chi tiết kỹ thuật (không có nội dung hồ sơ) nằm trong tệp “{where}”." if where else ""
    output.error(
        "internal_error",
        f"Chương trình gặp lỗi của chính nó và đã dừng; dữ liệu đã lưu vẫn nguyên.{said} "
        "Hãy gửi tệp này cho người hỗ trợ.",
        {"crash_file": where},
    )
    return 3


def _window(options: argparse.Namespace) -> int:
    from ..bootstrap import LocalGate
    from ..gui.app import run_window  # Qt is loaded only when a window is wanted

    home = Path(options.home) if hasattr(options, "home") else default_home()
    return run_window(home, LocalGate())


def main() -> None:
    """Entry point of ``danvan`` and ``python -m danvan_desktop``."""
    sys.exit(run(sys.argv[1:]))
