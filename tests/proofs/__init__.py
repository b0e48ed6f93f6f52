"""What is promised when processes die: proven against real servers, and by controls that must fail.

`python -m tests.proofs` runs the full form and writes what it measured to docs/proofs; the tests run a reduced one.
"""
