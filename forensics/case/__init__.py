"""The case on disk: its folder, custody log, tables and what the analyst decided."""
