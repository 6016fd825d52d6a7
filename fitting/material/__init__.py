"""What fits and benchmarks listen to and read: recordings, synthesised speech, simulated bundles."""
