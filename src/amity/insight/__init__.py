"""Readings: one file a question asked of a relation, such as whether two states trust each other.

Each has a part that does numbers on arrays and a part that takes frames of evidence and gives frames back.
"""
