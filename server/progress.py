"""Shows people what is being started: one line a step, with its seconds; a moving line only on a terminal."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

LONGEST_DETAIL = 60  # characters


@dataclass
class _Line:
    title: str
    log: Path | None
    began: float = field(default_factory=time.monotonic)
    took: float | None = None
    good: bool = True
    spinner: Spinner = field(default_factory=lambda: Spinner("dots"))

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began if self.took is None else self.took

    def mark(self) -> RenderableType:
        if self.took is None:
            return self.spinner
        return Text("✓", "green") if self.good else Text("✗", "red")

    def detail(self) -> str:
        """The last thing it said, while it works."""
        if self.took is not None or self.log is None or not self.log.exists():
            return ""
        said = self.log.read_text(errors="replace").rstrip().rpartition("\n")[2]
        return said[:LONGEST_DETAIL]


class Progress:
    """The list of steps; used as a context manager around them."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._lines: list[_Line] = []
        self._lock = Lock()
        self._live = Live(get_renderable=self._shown, console=console, refresh_per_second=8)

    def __enter__(self) -> "Progress":
        if self.console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.console.is_terminal:
            self._live.stop()

    @contextmanager
    def step(self, title: str, *, log: Path | None = None) -> Iterator[None]:
        """Show one step from its start to its end; a failure is marked and passed on."""
        line = _Line(title, log)
        with self._lock:
            self._lines.append(line)
        try:
            yield
        except BaseException:
            line.good = False
            raise
        finally:
            line.took = line.seconds
            if not self.console.is_terminal:
                mark = "ok" if line.good else "FAILED"
                self.console.print(f"{line.took:6.1f} s  {line.title}: {mark}", highlight=False)

    def _shown(self) -> RenderableType:
        table = Table.grid(padding=(0, 1))
        for line in self._lines:
            seconds = Text(f"{line.seconds:5.1f} s", "dim")
            table.add_row(line.mark(), line.title, seconds, Text(line.detail(), "dim"))
        return Group(table)
