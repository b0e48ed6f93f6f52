"""Speed, as ratios inside one interleaved run. Nothing here is a test: machines differ, ratios less so."""
