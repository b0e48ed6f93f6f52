"""How long something with many parts still takes, said only when there is something to go by."""

DONE_FOR_AN_ESTIMATE = 3


def minutes_left(done: int, total: int, seconds: float) -> int | None:
    """Whole minutes, at least one; nothing where too little is done to tell, or nothing is left."""
    if done < DONE_FOR_AN_ESTIMATE or done >= total:
        return None
    return max(1, round(seconds / done * (total - done) / 60))
