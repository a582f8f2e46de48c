"""An original estimate and a new one beside each other: criteria of replication, and pooling over several."""
