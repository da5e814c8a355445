"""What pages are made of: the live component, the player, figures with their downloads, literal text."""
