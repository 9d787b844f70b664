"""What a condition changes along the chain, beside health: one figure, and one plain sentence a link."""
