"""Widgets around the pages: a field becomes a widget, and its value."""
