"""What developers of lossviz need beside the package."""
