"""What there is to evaluate: shipped predictions, generated data, and files of any common kind."""
