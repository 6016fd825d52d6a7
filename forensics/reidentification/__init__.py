"""How rare what was learned is, how few people it fits, and how bad the breach therefore is.

``exposure`` says what each claim is worth in bits and on what that rests; ``risk`` says, for each
adversary, how many people fit and how likely the subject is found; ``severity`` turns that into ENISA's
score of 2013.
"""
