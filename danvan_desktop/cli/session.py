"""One command's view of the world: its options, its secrets, the home it opens when it needs one."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..bootstrap import open_office
from ..kernel.errors import Refused
from ..kernel.paths import default_home
from ..services.home import home_exists
from ..services.office import Office
from .output import Output
from .secrets import Secrets


class Session:
    def __init__(self, options: argparse.Namespace, output: Output) -> None:
        self.options = options
        self.output = output
        self.secrets = Secrets(options)
        self._office: Office | None = None

    @property
    def home(self) -> Path:
        """The home named by ``--home``, else the platform's."""
        named = getattr(self.options, "home", None)
        return Path(named) if named else default_home()

    @property
    def home_named(self) -> bool:
        return hasattr(self.options, "home")

    def office(self) -> Office:
        """The open home of this command (opened at first use, with its lock)."""
        if self._office is None:
            if not home_exists(self.home):
                raise Refused(
                    "no_home",
                    f"Chưa có dữ liệu cơ quan ở “{self.home}”. Hãy thiết lập trước (mở chương trình, hoặc lệnh setup), "
                    "hoặc chỉ đúng thư mục bằng --home.",
                )
            self._office = open_office(
                self.home,
                account=getattr(self.options, "user", None),
                password=self.secrets.get("password"),
                wait=getattr(self.options, "wait", 0.0),
            )
        return self._office

    def close(self) -> None:
        if self._office is not None:
            self._office.close()
            self._office = None
