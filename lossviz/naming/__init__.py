"""What people call a loss, and how they call it in code."""
