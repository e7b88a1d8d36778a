"""Owns how Ctrl-C and SIGTERM unwind a command, so that it ends what it has begun."""

import signal
import sys

from cluster.commands.exit_codes import Interrupted

SIGNALS = (signal.SIGINT, signal.SIGTERM)
AGAIN_AFTER_S = 0.1


def unwind_on_signals() -> None:
    """Raise Interrupted where the program is when a signal comes; its exit code is the one that shells use.

    There are places that let nothing be raised, an import by compiled code or the end of an object's life. Python
    reports there what it drops; it is raised again a moment later.
    """
    for number in SIGNALS:
        signal.signal(number, _interrupt)
    report = sys.unraisablehook

    def again(dropped: "sys.UnraisableHookArgs") -> None:
        if not isinstance(dropped.exc_value, Interrupted):
            report(dropped)
            return
        code = dropped.exc_value.code
        signal.signal(signal.SIGALRM, lambda *_: _unwind(code))
        signal.setitimer(signal.ITIMER_REAL, AGAIN_AFTER_S)

    sys.unraisablehook = again


def _interrupt(number: int, _: object) -> None:
    _unwind(128 + number)


def _unwind(code: object) -> None:
    raise Interrupted(code)
