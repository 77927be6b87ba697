"""The face for a terminal with rows and columns. All that knows Textual is in this package."""
