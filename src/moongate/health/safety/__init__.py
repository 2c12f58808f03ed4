"""What keeps the assessment safe in use: switches, incident reports, and comparison in shadow."""
