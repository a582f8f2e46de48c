"""Which organisations a model asks to be looked at more closely."""
