"""What past sessions of coding agents did and cost."""
