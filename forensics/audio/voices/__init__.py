"""Whose voice: speaker embeddings of short clips, their comparison, and a household's voices.

Comparing voices in order to tell people apart is processing of biometric data (Article 9 GDPR). Nothing in
here runs unless it is asked for with a purpose, and the custody log says so.
"""
