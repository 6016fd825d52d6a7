"""Which weights are known, from where, and their hashes."""
