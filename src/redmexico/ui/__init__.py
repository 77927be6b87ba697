"""The faces of the game: they show a view and send back a choice."""
