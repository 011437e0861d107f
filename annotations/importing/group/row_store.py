"""Message rows set aside on disk while the file is read, so that memory does not grow with the texts."""

from __future__ import annotations

import marshal
import tempfile
from array import array
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from pathlib import Path

from annotations.importing.read.rows import MessageRow

_NAMES = tuple(field.name for field in fields(MessageRow))
_TIMES = tuple(
    i for i, name in enumerate(_NAMES) if name in {"author_created_at", "created_at", "collected_at"}
)
_get = attrgetter(*_NAMES)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class RowStore:
    """Append rows, read them back by number. The file is private and gone when closed.

    `marshal` is many times faster than JSON; it is safe here because only this process writes and reads the
    file.
    """

    def __init__(self, directory: Path | None = None):
        self._file = tempfile.TemporaryFile(prefix="import-", dir=directory)  # noqa: SIM115
        self._offsets = array("Q")
        self._end = 0
        self._writing = True

    def __len__(self) -> int:
        return len(self._offsets)

    def append(self, row: MessageRow) -> int:
        values = list(_get(row))
        for i in _TIMES:
            if (moment := values[i]) is not None:
                values[i] = (moment - _EPOCH) // _MICROSECOND
        data = marshal.dumps(tuple(values))
        if not self._writing:
            self._file.seek(self._end)
            self._writing = True
        self._file.write(data)
        self._offsets.append(self._end)
        self._end += len(data)
        return len(self._offsets) - 1

    def __getitem__(self, number: int) -> MessageRow:
        start = self._offsets[number]
        end = self._offsets[number + 1] if number + 1 < len(self._offsets) else self._end
        self._file.seek(start)
        self._writing = False
        values = list(marshal.loads(self._file.read(end - start)))  # noqa: S302 - our own bytes, see above
        for i in _TIMES:
            if values[i] is not None:
                values[i] = _EPOCH + timedelta(microseconds=values[i])
        return MessageRow(*values)

    def close(self) -> None:
        self._file.close()
