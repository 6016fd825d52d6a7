"""What tables, records and lines mean: told by their headers, their values and how they fit together.

No layout is assumed here. :func:`~forensics.intake.meaning.columns.recognise` says of each column what it
holds and how sure that is; the layouts of :mod:`forensics.intake.exports` add what they know.
"""
