"""Arrays in, pictures out: nothing here computes a loss."""
