"""What produces the figures: speed, memory, and the calibration of relevance."""
