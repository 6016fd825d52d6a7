"""The version of this package, as it stands in every case, report and log entry."""

from __future__ import annotations

VERSION = "0.1.0"
