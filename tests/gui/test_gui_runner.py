from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from danvan_desktop.gui.runner import InlineRunner, Progress, ThreadRunner
from danvan_desktop.kernel.errors import Cancelled, Refused


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[ThreadRunner]:
    made = ThreadRunner()
    yield made
    made.shutdown()


def test_database_work_runs_in_order_on_one_thread_and_answers_on_the_gui_thread(
    runner: ThreadRunner, qtbot: QtBot
) -> None:
    threads: set[int] = set()
    answers: list[tuple[int, bool]] = []

    def work(number: int, _progress: Progress) -> int:
        threads.add(threading.get_ident())
        time.sleep(0.001 * (5 - number % 5))
        return number

    for number in range(20):
        runner.submit_db(partial(work, number), lambda result: answers.append((result, QThread.isMainThread())))
    qtbot.waitUntil(lambda: len(answers) == 20, timeout=5000)
    assert answers == [(number, True) for number in range(20)]
    assert len(threads) == 1 and threads != {threading.get_ident()}


def test_errors_reach_their_handler_or_the_default_one(qtbot: QtBot) -> None:
    unexpected: list[Exception] = []
    own: list[Exception] = []
    runner = ThreadRunner(unexpected.append)

    def fail(_progress: Progress) -> None:
        raise Refused("no", "Không được.")

    runner.submit_db(fail, lambda _r: None, own.append)
    runner.submit_cpu(fail, lambda _r: None)
    qtbot.waitUntil(lambda: bool(own) and bool(unexpected), timeout=5000)
    runner.shutdown()
    assert isinstance(own[0], Refused) and isinstance(unexpected[0], Refused)


class _Receiver(QObject):
    got: list[int]

    def take(self, value: int) -> None:
        self.got.append(value)


def test_a_result_for_a_destroyed_receiver_is_dropped(runner: ThreadRunner, qtbot: QtBot) -> None:
    import shiboken6

    gate = threading.Event()
    receiver = _Receiver()
    receiver.got = []
    seen: list[int] = []
    runner.submit_db(lambda _p: gate.wait(5) and 1, receiver.take)
    runner.submit_db(lambda _p: 2, seen.append, owner=receiver)
    shiboken6.delete(receiver)
    gate.set()
    done: list[int] = []
    runner.submit_db(lambda _p: 3, done.append)
    qtbot.waitUntil(lambda: done == [3], timeout=5000)
    assert seen == [] and receiver.got == []


def test_progress_is_told_and_work_can_be_cancelled(runner: ThreadRunner, qtbot: QtBot) -> None:
    steps: list[int] = []
    errors: list[Exception] = []
    runner.progressed.connect(lambda job: steps.append(job.progress.done))
    going = threading.Event()

    def work(progress: Progress) -> None:
        for step in range(10_000):
            progress.report(step, 10_000, "đang đếm")
            going.set()
            time.sleep(0.001)

    job = runner.submit_cpu(work, lambda _r: None, errors.append, "Đếm")
    assert going.wait(5)
    job.cancel()
    qtbot.waitUntil(lambda: bool(errors), timeout=5000)
    assert isinstance(errors[0], Cancelled)
    assert steps and job.over and not runner.busy


def test_cancelled_before_it_began_never_runs(runner: ThreadRunner, qtbot: QtBot) -> None:
    gate = threading.Event()
    ran: list[int] = []
    errors: list[Exception] = []
    runner.submit_db(lambda _p: gate.wait(5), lambda _r: None)
    job = runner.submit_db(lambda _p: ran.append(1), lambda _r: None, errors.append)
    job.cancel()
    gate.set()
    qtbot.waitUntil(lambda: bool(errors), timeout=5000)
    assert ran == [] and isinstance(errors[0], Cancelled)


def test_after_shutdown_nothing_is_delivered_and_nothing_taken(qtbot: QtBot) -> None:
    runner = ThreadRunner()
    seen: list[int] = []
    runner.submit_db(lambda _p: 1, seen.append)
    runner.shutdown()
    qtbot.wait(20)
    assert seen == []
    with pytest.raises(RuntimeError):
        runner.submit_db(lambda _p: 1, seen.append)


def test_the_inline_runner_does_it_at_once() -> None:
    runner = InlineRunner()
    seen: list[int] = []
    runner.submit_db(lambda _p: 4, seen.append, label="Đọc")
    runner.submit_cpu(lambda _p: 5, seen.append)
    assert seen == [4, 5] and runner.labels == ["Đọc", ""]
    with pytest.raises(ZeroDivisionError):
        runner.submit_db(lambda _p: 1 // 0, seen.append)
