"""What the screens are made of: pages of lines, lists with a cursor, bands."""
