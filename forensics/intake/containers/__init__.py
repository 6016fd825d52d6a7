"""Readers for containers. Nothing here writes, follows links, or believes a declared size."""
