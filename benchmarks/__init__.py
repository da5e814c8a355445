"""Speed and latency, printed and never asserted: `make bench`."""
