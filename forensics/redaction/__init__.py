"""The least to withhold until what is left fits at least k people, and the bundle rewritten accordingly."""
