"""What the command `lossviz` can do: a file for each of its words."""
