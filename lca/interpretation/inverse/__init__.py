"""Inverse questions: which inputs make reported results true."""
