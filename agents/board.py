"""The curves of a run, for TensorBoard, written without torch.

Promises: numbers, texts and pictures arrive in event files that TensorBoard reads; a number that is not
finite is left out rather than drawn as 0; a board that is opened at a step hides what an interrupted run
wrote from that step on.
Does not promise that a number is on the disk before `flush`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tensorboard.compat.proto.summary_pb2 import Summary


class Board:
    """Writes event files below a folder. Use it as a context manager, or call `close`."""

    def __init__(self, folder: str | Path, start: int = 0) -> None:
        from tensorboard.compat.proto.event_pb2 import Event, SessionLog
        from tensorboard.summary.writer.event_file_writer import EventFileWriter

        Path(folder).mkdir(parents=True, exist_ok=True)
        self._event = Event
        self._file = EventFileWriter(str(folder))
        # TensorBoard drops what earlier files hold from this step on.
        session = SessionLog(status=SessionLog.START)
        self._file.add_event(Event(wall_time=time.time(), step=start, session_log=session))

    def __enter__(self) -> Board:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def scalar(self, tag: str, value: float, step: int) -> None:
        """One point of a curve."""
        self.scalars({tag: value}, step)

    def scalars(self, values: Mapping[str, float], step: int) -> None:
        """One point of each of several curves."""
        from tensorboard.compat.proto.summary_pb2 import Summary

        points = [Summary.Value(tag=tag, simple_value=value) for tag, value in values.items() if math.isfinite(value)]
        if points:
            self._add(Summary(value=points), step)

    def text(self, tag: str, markdown: str, step: int) -> None:
        """A text, shown as Markdown."""
        from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
        from tensorboard.compat.proto.tensor_pb2 import TensorProto
        from tensorboard.compat.proto.types_pb2 import DT_STRING

        plugin = SummaryMetadata.PluginData(plugin_name="text")
        shown = markdown.encode("utf-8", "replace")
        tensor = TensorProto(dtype=DT_STRING, string_val=[shown])
        metadata = SummaryMetadata(plugin_data=plugin)
        self._add(Summary(value=[Summary.Value(tag=tag, metadata=metadata, tensor=tensor)]), step)

    def image(self, tag: str, png: bytes, step: int) -> None:
        """A picture, as the bytes of a PNG file."""
        from tensorboard.compat.proto.summary_pb2 import Summary

        width, height = (int.from_bytes(png[start : start + 4], "big") for start in (16, 20))  # of the PNG header
        picture = Summary.Image(height=height, width=width, colorspace=3, encoded_image_string=png)
        self._add(Summary(value=[Summary.Value(tag=tag, image=picture)]), step)

    def flush(self) -> None:
        """Brings everything to the disk."""
        self._file.flush()

    def close(self) -> None:
        """Flushes, and closes the file."""
        self._file.close()

    def _add(self, summary: Summary, step: int) -> None:
        self._file.add_event(self._event(wall_time=time.time(), step=step, summary=summary))
