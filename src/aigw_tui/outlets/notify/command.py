"""A program of your own: the JSON of a message on its standard input, no shell, 10 s."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from contextlib import suppress
from typing import ClassVar

from aigw_tui.errors import ConfigError, TransientError
from aigw_tui.format import clean
from aigw_tui.model import Message
from aigw_tui.outlets.notify.channel import DEADLINE_S, Channel
from aigw_tui.outlets.notify.document import document, encoded
from aigw_tui.outlets.notify.target import Target


class Command(Channel):
    """Exit code 0 is a receipt; what it prints is thrown away, for it may hold anything."""

    KIND: ClassVar = "command"
    NEEDS: ClassVar = ("command",)

    async def send(self, target: Target, message: Message) -> None:
        program = clean(target.command[0], 80)
        nowhere = asyncio.subprocess.DEVNULL
        try:
            process = await asyncio.create_subprocess_exec(
                *target.command,
                stdin=asyncio.subprocess.PIPE,
                stdout=nowhere,
                stderr=nowhere,
                start_new_session=True,  # what it starts ends with it
            )
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else "its words hold what no program takes"
            raise _cannot_run(target, str(why)) from None
        try:
            async with asyncio.timeout(DEADLINE_S):
                await process.communicate(encoded(document(message)) + b"\n")
        except TimeoutError:
            raise TransientError(f"{program} took longer than {DEADLINE_S:.0f} s") from None
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        if process.returncode:
            raise TransientError(f"{program} failed with exit code {process.returncode}", "run it by hand to see why")

    async def examine(self, target: Target) -> None:
        if shutil.which(target.command[0]) is None:
            raise _cannot_run(target, "there is no such program")


def _cannot_run(target: Target, why: str) -> ConfigError:
    program = clean(target.command[0], 80)
    return ConfigError(f"cannot run {program}: {why}", f"check the command of [target.{target.name}]")
