"""What the words of a link mean."""
