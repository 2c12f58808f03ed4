"""The conversation on the web: pages, streamed replies, and the same for programs."""
