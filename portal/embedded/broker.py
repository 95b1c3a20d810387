"""The job queue as files, for a machine without a broker: kombu's filesystem transport, made to survive `kill -9`.

A message appears whole or not at all, is taken by one worker, and stays on disk until its job is acknowledged. What a
killed worker had taken is put back by `recover` when the demo starts again.
"""

import os
import shutil
import time
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem, virtual
from kombu.utils.json import dumps, loads

POLLING_SECONDS = 0.05


def transport_options(folder: Path) -> dict[str, Any]:
    """This will return Celery's `broker_transport_options` for a queue kept in the folder."""
    return {
        "data_folder_in": str(folder / "waiting"),
        "data_folder_out": str(folder / "waiting"),
        "processed_folder": str(folder / "taken"),
        "control_folder": str(folder / "exchanges"),
        "polling_interval": POLLING_SECONDS,
    }


def recover(folder: Path) -> int:
    """This will put back what killed workers had taken and return how many messages that were. No worker may run."""
    shutil.rmtree(folder / "exchanges", ignore_errors=True)  # made anew by whoever connects; half of one would stop all
    taken = sorted((folder / "taken").glob("*.msg"))
    for path in taken:
        path.rename(folder / "waiting" / path.name)
    for draft in (folder / "waiting").glob("*.new"):
        draft.unlink()
    return len(taken)


class Channel(filesystem.Channel):
    """This will keep each message in one file: in `waiting`, then in `taken` until it is acknowledged."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting = Path(self.data_folder_out)
        self.taken = Path(self.processed_folder)
        for folder in (self.waiting, self.taken, self.control_folder):
            folder.mkdir(parents=True, exist_ok=True)

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{time.time_ns():020d}_{payload['properties']['delivery_tag']}.{queue}.msg"
        draft = self.waiting / f"{name}.new"
        draft.write_text(dumps(payload))
        draft.rename(self.waiting / name)

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        for name in sorted(os.listdir(self.waiting)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            try:
                (self.waiting / name).rename(self.taken / name)
            except FileNotFoundError:
                continue  # another worker was quicker
            return loads((self.taken / name).read_text())
        raise Empty

    def _forget(self, delivery_tag: str) -> None:
        for path in self.taken.glob(f"*_{delivery_tag}.*.msg"):
            path.unlink(missing_ok=True)

    def _restore(self, message: Any) -> None:
        super()._restore(message)
        self._forget(message.delivery_tag)

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:
        """This will forget a message whose job is done."""
        super().basic_ack(delivery_tag, multiple)
        self._forget(delivery_tag)

    def basic_reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """This will forget a message a worker refuses, after queueing it again when asked to."""
        super().basic_reject(delivery_tag, requeue)
        self._forget(delivery_tag)


class Transport(filesystem.Transport):
    """This will be named in Celery's `broker_transport`."""

    Channel = Channel

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        # Which queue hears which exchange is in the files. What another folder's connection declared says nothing here.
        self.state = virtual.BrokerState()
