"""A page that fails."""

raise KeyError("a secret")
