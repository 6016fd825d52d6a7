"""From mentions to claims: who lives in the household, where, with what, and when.

Reads what was heard and read; writes one table, ``claims``. A claim says how sure it is, which recordings it
rests on, and what else it could be. It says nothing about rarity: that is the next room's business.
"""
