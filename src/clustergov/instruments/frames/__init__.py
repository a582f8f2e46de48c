"""What a frame of codes must be like: a pandera schema, here and as a module of its own."""
