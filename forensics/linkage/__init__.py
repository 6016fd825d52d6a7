"""From claims to a register of public profiles: who of them could be the subject, or nobody.

The register is the analyst's own file and is never fetched. It is indexed once (:mod:`index`), compared
level by level (:mod:`levels`), scored as a whole (:mod:`score`), and what comes out is pseudonymous.
"""
