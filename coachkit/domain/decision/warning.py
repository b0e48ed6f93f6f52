"""What stands beside everything that could feed a decision about a job. It cannot be switched off."""

from __future__ import annotations

WARNING = (
    "What you read here was seen in practice situations, which were made to guide training. Nobody has shown"
    " that it predicts who does well in a post, so it must not be the reason for a decision about somebody’s"
    " employment. Before you decide anything: talk with the person, look at results from the work itself,"
    " bring in Human Resources and the employees’ representatives, give your reasons, and let the person"
    " object."
)
"""Printed in full on the board, on each person's page, in each decision record and on each report."""

NOT_RELEASED = "Nothing can be seen here. This row is the same whatever the reason, and it is evidence of nothing."
"""Stands for everybody who has released nothing: not asked to answer yet, refused, withdrawn, or left."""
