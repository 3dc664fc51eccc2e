"""Text, spans, columns: what every reader and every message counts positions in."""

from wakeup.source.model import MAX_SOURCE_BYTES, Source, SourceError, Span

__all__ = ["MAX_SOURCE_BYTES", "Source", "SourceError", "Span"]
