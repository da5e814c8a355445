"""The widgets around the pages: each draws a field, or a few that belong together, and gives the values."""
