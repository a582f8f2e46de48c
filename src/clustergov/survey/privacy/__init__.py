"""What protects respondents: consent, pseudonyms and their key file, erasure, disclosure, retention."""
