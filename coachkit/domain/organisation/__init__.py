"""The organisation around the role: answers without names, the pulse, charters, loads. Nothing about one person."""
