"""Sound: decoding of hostile files, speech activity, level, noise, pitch."""
