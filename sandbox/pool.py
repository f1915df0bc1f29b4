"""Many workers, each on a thread of its own: jobs in, futures out.

Promises: jobs start in the order in which they came; every future is resolved, by what became of the job or by an
exception, or was cancelled before its job started; a worker that dies or cannot clean up is replaced; an input on which
the machine fails twice is a CRASH of the program, so that crashing the sandbox is no way out of a bad score. Small
inputs are sent one ahead, so that a worker does not wait for this side. After a fork it says that it is of no use.
"""

from __future__ import annotations

import contextlib
import os
import threading
import weakref
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from sandbox.cases import Limits, Outcome, Program, Verdict
from sandbox.errors import SandboxError, SandboxFault
from sandbox.jobs import Errand, Job
from sandbox.link import Link
from sandbox.shells.shell import Shell

_AHEAD = 2
"""Inputs that a worker has been sent and has not answered."""

_SEND_AHEAD_BYTES = 32768
"""Larger inputs wait until the worker reads: less than a pipe holds, so that neither side can block the other."""

CHECKER = "checker"
"""The role of workers that run checkers and nothing else: what a checker is told, expected answers among it, is sent to
no worker that runs programs. No worker reads it either; this is the second wall."""

FAILED_TWICE = "the sandbox failed twice on this program"
"""How the error of an outcome begins that tells of the machine rather than of the program."""

_links: weakref.WeakSet[Link] = weakref.WeakSet()


def _forget_pipes() -> None:
    """In a forked child of the caller."""
    for link in list(_links):
        link.forget_pipes()


os.register_at_fork(after_in_child=_forget_pipes)


class Examination(Job):
    """A job whose program is a checker."""

    __slots__ = ()


class Pool:
    """N lanes and the queue they take their work from."""

    def __init__(self, shell: Shell, workers: int, profile: str):
        self.shell, self.profile = shell, profile
        self.owner_pid = os.getpid()
        self.faults = self.starts = 0
        self._queue: deque[Job | Errand] = deque()
        self._changed = threading.Condition()
        self.closed = False
        self._busy = 0
        self._alone_wanted = 0
        """Tasks in the hands of lanes that want the machine to themselves."""
        self._only_one = threading.Lock()
        self.lanes = [Lane(self, slot) for slot in range(workers)]

    def submit(self, task: Job | Errand) -> Future[Any]:
        if os.getpid() != self.owner_pid:
            raise SandboxError(
                f"sandbox: opened in process {self.owner_pid}, used in its fork {os.getpid()}; open another one here"
            )
        with self._changed:
            if self.closed:
                raise SandboxError("sandbox: it is closed; open another one")
            self._queue.append(task)
            self._changed.notify()
        return task.future

    def refuse_in_a_lane(self) -> None:
        """Raises SandboxError in a thread that this pool works with: what it waited for might wait for it."""
        if threading.current_thread() in (lane.thread for lane in self.lanes):
            raise SandboxError("sandbox: a future's callback may not wait for it; use submit() or start() there")

    def take(self, wait: bool) -> Job | Errand | None:
        """The next task for a lane; None when there is none to be had now, or (if it waited) ever again.

        A lane that would not have to wait takes a task only if every other lane would find one too.
        """
        with self._changed:
            while True:
                while not self._queue or self._alone_wanted:
                    if self.closed or not wait:
                        return None
                    self._changed.wait()
                if not wait and (len(self._queue) < len(self.lanes) or isinstance(self._queue[0], Errand)):
                    return None
                task = self._queue.popleft()
                if task.future.set_running_or_notify_cancel():
                    self._busy += 1
                    return task

    def done(self) -> None:
        with self._changed:
            self._busy -= 1
            self._changed.notify_all()

    @contextlib.contextmanager
    def alone(self, own: int) -> Iterator[None]:
        """Waits until no lane works but those that wait here too, then lets one at a time go on.

        `own` is how many tasks the caller has in hand.
        """
        with self._changed:
            self._alone_wanted += own
            while self._busy > self._alone_wanted:
                self._changed.wait(0.05)
        try:
            with self._only_one:
                yield
        finally:
            with self._changed:
                self._alone_wanted -= own
                self._changed.notify_all()

    def count_start(self) -> None:
        with self._changed:
            self.starts += 1

    def count_fault(self, fault: SandboxFault) -> None:
        with self._changed:
            self.faults += not fault.by_age

    def close(self) -> None:
        with self._changed:
            self.closed = True
            abandoned, busy = list(self._queue), self._busy > 0
            self._queue.clear()
            self._changed.notify_all()
        for task in abandoned:
            if task.future.set_running_or_notify_cancel():
                task.future.set_exception(SandboxError("sandbox: it was closed before this was judged"))
        for lane in self.lanes:
            if lane.thread is not threading.current_thread() and os.getpid() == self.owner_pid:
                lane.end(busy)


class Lane:
    """One thread, its worker, and (once code tests or a checker need them) its grader and its checkers' worker."""

    def __init__(self, pool: Pool, slot: int):
        self.pool, self.slot = pool, slot
        self._workers: dict[str, Link] = {}
        self._jobs: deque[Job] = deque()
        self._in_flight: deque[tuple[Job, int]] = deque()
        self.thread = threading.Thread(target=self._work, name=f"sandbox-lane-{slot}", daemon=True)
        self.thread.start()

    def worker(self, role: str | None = None) -> Link:
        """This lane's worker of a role, started when there is none; raises SandboxFault when that fails twice."""
        role = role or self.pool.profile
        link = self._workers.get(role)
        if link is not None and not link.tired:
            return link
        if link is not None:
            self.retire(role)
        profile = self.pool.profile if role == CHECKER else role
        self._refuse_if_closed()
        self.pool.count_start()
        try:
            link = Link(self.pool.shell, profile, self.slot)
        except SandboxFault as fault:
            self.pool.count_fault(fault)
            link = Link(self.pool.shell, profile, self.slot)
        self._workers[role] = link
        _links.add(link)
        self._refuse_if_closed()  # whoever closed the pool meanwhile has not seen this worker
        return link

    def _refuse_if_closed(self) -> None:
        if self.pool.closed:
            raise SandboxError("sandbox: it was closed before this was judged")

    def retire(self, role: str | None = None) -> None:
        link = self._workers.pop(role or self.pool.profile, None)
        if link is not None:
            link.close()

    def start_afresh(self, fault: SandboxFault) -> None:
        """Counts a fault and gives all of this lane's workers up; the next use starts others."""
        self.pool.count_fault(fault)
        self._retire_all()

    def _retire_all(self) -> None:
        for role in list(self._workers):
            self.retire(role)

    def end(self, busy: bool) -> None:
        """Waits, in another thread, until the lane has gone; what it is busy with is ended."""
        for link in list(self._workers.values()) if busy else ():
            link.kill()
        self.thread.join()

    def kill_worker(self) -> bool:
        """Ends this lane's worker from another thread."""
        link = self._workers.get(self.pool.profile)
        if link is None:
            return False
        link.kill()
        return True

    def _work(self) -> None:
        try:
            while self._next_round():
                pass
        finally:
            self._retire_all()

    def _next_round(self) -> bool:
        if not self._jobs:
            task = self.pool.take(wait=True)
            if task is None:
                return False
            if isinstance(task, Errand):
                self._run_errand(task)
                return True
            self._jobs.append(task)
        try:
            self._advance()
        except SandboxFault as fault:
            self._recover(fault)
        except BaseException as error:
            self._give_up(error)
        return True

    def _run_errand(self, errand: Errand) -> None:
        try:
            errand.future.set_result(errand.work(self))
        except BaseException as error:
            try:
                self._retire_all()  # a conversation may be open still, whose other side must not be heard by the next
            finally:
                errand.future.set_exception(error)
        finally:
            self.pool.done()

    def _advance(self) -> None:
        """Sends what may be sent, receives one result, and finishes the jobs that are complete."""
        job = self._jobs[0]
        if job.batch and not job.complete:
            self._run_batch(job)
        elif not job.complete:
            worker = self.worker(self._role(job))
            self._send(worker)
            outcome = worker.result(*self._terms(self._in_flight[0][0]))
            owner, _ = self._in_flight.popleft()
            if not owner.stopped:
                owner.accept(outcome)
            if worker.tired:
                self._start_afresh()
        if job.complete and not any(owner is job for owner, _ in self._in_flight):
            self._finish(job)
        elif job.complete:
            self._drop_result()

    def _drop_result(self) -> None:
        """Receives a result that was sent for before its job stopped."""
        job = self._in_flight[0][0]
        self.worker(self._role(job)).result(*self._terms(job))
        self._in_flight.popleft()

    def _role(self, job: Job) -> str:
        """Which worker a job's inputs go to; those that wait for an answer are all with the same one."""
        return CHECKER if isinstance(job, Examination) else self.pool.profile

    def _terms(self, job: Job) -> tuple[Program, Limits]:
        return job.program, job.limits

    def _send(self, worker: Link) -> None:
        """Keeps the worker supplied, from the next job too once this one has nothing left to send."""
        while len(self._in_flight) < _AHEAD:
            job = next((job for job in self._jobs if not job.stopped and job.sent < len(job.payloads)), None)
            if job is None and len(self._jobs) < _AHEAD:
                task = self.pool.take(wait=False)
                if not isinstance(task, Job):
                    return
                self._jobs.append(task)
                continue
            if job is None or job.batch or self._role(job) != self._role(self._jobs[0]):
                return
            payload = job.payloads[job.sent]
            ahead = sum(size for _, size in self._in_flight)
            size = len(payload) + len(job.program.source)
            if self._in_flight and ahead + size > _SEND_AHEAD_BYTES:
                return
            worker.send_input(job.program, payload, job.limits, job.trace)
            self._in_flight.append((job, size))
            job.sent += 1

    def _run_batch(self, job: Job) -> None:
        """As many forks as there are inputs that end one, plus one.

        What one process has printed tells nothing of which input was too much. Then each gets a fork after all.
        """
        while job.batch and not job.complete:
            remaining = job.payloads[len(job.outcomes) :]
            for outcome in self.worker(self._role(job)).run_batch(job.program, remaining, job.limits):
                if outcome.truncated and len(remaining) > 1:
                    job.batch, job.sent = False, len(job.outcomes)
                    break
                if not job.complete:
                    job.accept(outcome)

    def _finish(self, job: Job) -> None:
        """Resolves a job's future, unless a second chance has shown that the job must go on."""
        error, result = job.error, None
        try:
            self._repeat_borderline(job)
            if not job.complete:
                return
            result = job.conclude(job.outcomes)
        except BaseException as trouble:
            error = error or trouble
        self._jobs.popleft()
        try:
            job.future.set_result(result) if error is None else job.future.set_exception(error)
        finally:
            self.pool.done()

    def _repeat_borderline(self, job: Job) -> None:
        """Runs that may not be to blame for meeting a limit get a second chance with the machine to themselves."""
        late = [number for number in range(job.settled, len(job.outcomes)) if job.outcomes[number].borderline]
        if not late:
            return
        self._start_afresh_if_ahead()
        with self.pool.alone(own=len(self._jobs)):
            for number in late:
                job.outcomes[number] = job.shorten(number, replace(self._again(job, number), borderline=True))
        job.settle()

    def _again(self, job: Job, number: int) -> Outcome:
        """One run more of an input; a worker that fails at it is replaced."""
        for _ in range(2):
            worker = self.worker(self._role(job))
            try:
                worker.send_input(job.program, job.payloads[number], job.limits, job.trace)
                return worker.result(*self._terms(job))
            except SandboxFault as fault:
                self.pool.count_fault(fault)
                self.retire(self._role(job))
                last = fault
        return _crash(last)

    def _start_afresh_if_ahead(self) -> None:
        if self._in_flight:
            self._start_afresh()

    def _start_afresh(self) -> None:
        """Replaces the worker in use; what it had been sent will be sent again."""
        self.retire(self._role(self._jobs[0]))
        self._in_flight.clear()
        for job in self._jobs:
            job.sent = len(job.outcomes)

    def _recover(self, fault: SandboxFault) -> None:
        """The machine failed. The input in question is tried once more; twice is the program's own doing."""
        self.pool.count_fault(fault)
        job = self._in_flight[0][0] if self._in_flight else self._jobs[0]
        link = self._workers.get(self._role(job))
        started = link is not None
        self._start_afresh()
        if link is None or not link.killed:
            job.faults += 1
        if not started or (fault.before_start and job.faults >= 2):
            self._give_up(fault)
        elif job.faults >= 2 and not job.complete:
            job.accept(_crash(fault))
            job.sent = len(job.outcomes)

    def _give_up(self, error: BaseException) -> None:
        """Nothing can be judged at present: everybody who waits on this lane is told."""
        self._in_flight.clear()
        self._retire_all()
        while self._jobs:
            self._jobs.popleft().future.set_exception(error)
            self.pool.done()


def _crash(fault: SandboxFault) -> Outcome:
    return Outcome(Verdict.CRASH, error=f"{FAILED_TWICE}: {fault}")
