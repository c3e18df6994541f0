"""What Scout costs beside scripts that only compute the numbers; see README.md. No tests here."""
