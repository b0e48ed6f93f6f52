"""Readiness, purposes, releases and decisions: the rules without the pages."""
