"""How far coders agree: where they see something, and what they see in it."""
