"""The programme as a whole: what it moves, what it costs, whether the business notices. No person stands here."""
