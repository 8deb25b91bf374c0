"""What feeds engagement, a file for each kind of evidence, and the years in which sources speak of pairs."""
