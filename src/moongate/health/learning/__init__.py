"""Learning from data in DDXPlus's published form."""
