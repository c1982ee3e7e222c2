"""Work off the GUI thread: one worker owns the database, a pool does CPU work; results return by signal.

Callbacks always run on the GUI thread. A result whose receiver is gone by then is dropped. Work that
takes longer than a second is shown by the main window, which listens to ``started`` and ``finished``.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from ..kernel.errors import Cancelled

T = TypeVar("T")
Done = Callable[[T], Any]
Failed = Callable[[Exception], Any]


class Progress:
    """Given to every piece of work: it tells how far it is, and asks whether it should stop."""

    def __init__(self, notify: Callable[[Progress], None] | None = None) -> None:
        self._notify = notify
        self._cancelled = threading.Event()
        self.done = 0
        self.total = 0  # 0: not known
        self.text = ""

    def report(self, done: int, total: int, text: str = "") -> None:
        """Tell that ``done`` of ``total`` steps are behind us. Raises Cancelled when the person has stopped it."""
        self.check()
        self.done, self.total, self.text = done, total, text
        if self._notify is not None:
            self._notify(self)

    def cancelled(self) -> bool:
        """Whether the person asked to stop."""
        return self._cancelled.is_set()

    def check(self) -> None:
        """Raises Cancelled when the person asked to stop."""
        if self._cancelled.is_set():
            raise Cancelled()

    def cancel(self) -> None:
        self._cancelled.set()


class Job:
    """One piece of work on its way: what the progress strip shows."""

    def __init__(self, label: str, progress: Progress) -> None:
        self.label = label
        self.progress = progress
        self.over = False

    def cancel(self) -> None:
        """Ask the work to stop; its ``on_error`` then gets Cancelled."""
        self.progress.cancel()


class Runner(Protocol):
    """What screens use to get work done; injected, so that tests run it inline."""

    @property
    def closed(self) -> bool:
        """Whether the program is ending: what a timer still wants done is done for nobody."""
        ...

    def submit_db(
        self,
        fn: Callable[[Progress], T],
        on_done: Done[T],
        on_error: Failed | None = None,
        label: str = "",
        *,
        owner: QObject | None = None,
    ) -> Job:
        """Run ``fn`` on the thread of the database, after everything submitted before.

        ``on_done(result)`` or ``on_error(exception)`` follows on the GUI thread, unless ``owner`` (or the
        QObject whose bound method ``on_done`` is) has been destroyed. Without ``on_error`` the runner's own
        handler shows the error.
        """
        ...

    def submit_cpu(
        self,
        fn: Callable[[Progress], T],
        on_done: Done[T],
        on_error: Failed | None = None,
        label: str = "",
        *,
        owner: QObject | None = None,
    ) -> Job:
        """As :meth:`submit_db`, on the pool, in no particular order. ``fn`` must not touch the database."""
        ...


class _Task:
    def __init__(
        self,
        job: Job,
        fn: Callable[[Progress], Any],
        on_done: Done[Any],
        on_error: Failed | None,
        owner: QObject | None,
    ) -> None:
        self.job = job
        self.fn = fn
        self.on_done = on_done
        self.on_error = on_error
        self.result: Any = None
        self.error: Exception | None = None
        bound = getattr(on_done, "__self__", None)
        self.owner = owner if owner is not None else bound if isinstance(bound, QObject) else None

    def run(self) -> None:
        try:
            self.job.progress.check()
            self.result = self.fn(self.job.progress)
        except Exception as error:  # it is handed to the GUI thread, which shows or reports it
            self.error = error

    def deliver(self, fallback: Failed) -> None:
        self.job.over = True
        if self.owner is not None and not isValid(self.owner):
            return
        if self.error is None:
            self.on_done(self.result)
        else:
            (self.on_error or fallback)(self.error)


def _raise(error: Exception) -> None:
    raise error


class ThreadRunner(QObject):
    """The runner of the real program."""

    started = Signal(object)  # Job
    progressed = Signal(object)  # Job
    finished = Signal(object)  # Job
    _back = Signal(object)

    def __init__(self, on_error: Failed = _raise, parent: QObject | None = None) -> None:
        """``on_error`` gets the errors of work submitted without an own handler."""
        super().__init__(parent)
        self._on_error = on_error
        self._jobs: set[Job] = set()
        self._queue: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._pool = ThreadPoolExecutor(max_workers=max(1, (os.cpu_count() or 2) - 1), thread_name_prefix="danvan-cpu")
        self._back.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="danvan-db", daemon=True)
        self._thread.start()

    def set_error_handler(self, on_error: Failed) -> None:
        self._on_error = on_error

    def submit_db(
        self,
        fn: Callable[[Progress], T],
        on_done: Done[T],
        on_error: Failed | None = None,
        label: str = "",
        *,
        owner: QObject | None = None,
    ) -> Job:
        task = self._task(fn, on_done, on_error, label, owner)
        self._queue.put(task)
        return task.job

    def submit_cpu(
        self,
        fn: Callable[[Progress], T],
        on_done: Done[T],
        on_error: Failed | None = None,
        label: str = "",
        *,
        owner: QObject | None = None,
    ) -> Job:
        task = self._task(fn, on_done, on_error, label, owner)
        self._pool.submit(self._run, task)
        return task.job

    @property
    def closed(self) -> bool:
        """Whether :meth:`shutdown` has been called."""
        return self._closed

    @property
    def busy(self) -> bool:
        """Whether any work is waiting, running or not yet delivered."""
        return bool(self._jobs)

    def shutdown(self) -> None:
        """Stop all work and wait for the threads; nothing is delivered any more."""
        self._closed = True
        for job in list(self._jobs):
            job.cancel()
        self._queue.put(None)
        self._thread.join()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._jobs.clear()

    def _task(
        self,
        fn: Callable[[Progress], Any],
        on_done: Done[Any],
        on_error: Failed | None,
        label: str,
        owner: QObject | None,
    ) -> _Task:
        if self._closed:
            raise RuntimeError("the runner has been shut down")
        job = Job(label, Progress())
        job.progress._notify = lambda _progress: self.progressed.emit(job)
        self._jobs.add(job)
        self.started.emit(job)
        return _Task(job, fn, on_done, on_error, owner)

    def _serve(self) -> None:
        while (task := self._queue.get()) is not None:
            self._run(task)
            del task  # else the last result would live until the next piece of work

    def _run(self, task: _Task) -> None:
        task.run()
        if not self._closed:
            self._back.emit(task)

    def _deliver(self, task: _Task) -> None:
        self._jobs.discard(task.job)
        self.finished.emit(task.job)
        if not self._closed:
            task.deliver(self._on_error)


class InlineRunner(QObject):
    """Does everything at once, on the calling thread: for tests."""

    started = Signal(object)
    progressed = Signal(object)
    finished = Signal(object)

    def __init__(self, on_error: Failed = _raise, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._on_error = on_error
        self.labels: list[str] = []
        self.closed = False

    def submit_db(
        self,
        fn: Callable[[Progress], T],
        on_done: Done[T],
        on_error: Failed | None = None,
        label: str = "",
        *,
        owner: QObject | None = None,
    ) -> Job:
        job = Job(label, Progress())
        job.progress._notify = lambda _progress: self.progressed.emit(job)
        self.labels.append(label)
        self.started.emit(job)
        task = _Task(job, fn, on_done, on_error, owner)
        task.run()
        self.finished.emit(job)
        task.deliver(self._on_error)
        return job

    submit_cpu = submit_db

    def shutdown(self) -> None:
        """Nothing runs behind the caller's back."""
