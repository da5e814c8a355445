"""Lectures: scenes with a question before the answer, as one Markdown file, and the rooms in which phones answer."""
