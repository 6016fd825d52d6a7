"""Speech to text: engines behind one protocol, evidence for and against their words, loose vendor lines."""
