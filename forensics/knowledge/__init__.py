"""What is true of the world, no case in sight: places, names and their sounds, number words, device types."""
