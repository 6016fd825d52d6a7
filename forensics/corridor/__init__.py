"""How work runs in a case: the stages in order, and what a stage works on."""
