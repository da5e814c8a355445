"""A lecture to take along: one file that is presented without a server, and a handout to print."""
