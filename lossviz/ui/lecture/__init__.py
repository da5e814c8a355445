"""A lecture on the screen: the scene that is on, its question, and the keys that turn scenes."""
