"""The posts that the role consists of: their load, their charters, their sheets. No name stands on any of them."""
