"""The coach's desk: working days, the order of a queue, how long people wait, and what may be shown of few answers."""
