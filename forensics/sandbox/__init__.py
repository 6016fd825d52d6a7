"""Child processes under limits of time, memory and CPU: a hostile file may end the child, never the case."""
