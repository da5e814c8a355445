"""A lecture on the screen: the scene that is on, its question, the keys that turn scenes, and the room that answers."""
