"""Proposals that ask for the same work in the same place, over all exports of a command."""
