"""Every yes or no and every when, each with a named reason; pure functions over what the edges gathered."""
