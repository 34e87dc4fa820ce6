"""Engines: networks that run, behind one small Protocol."""
