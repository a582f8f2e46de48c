"""The embedded service: a survey in the field with nothing but this project and a database."""
