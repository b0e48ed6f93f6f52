"""Modules as pages, progress and quizzes."""
