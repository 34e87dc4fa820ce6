"""Reports: one self-contained HTML page and its Markdown twin."""


def report() -> None:
    """Placeholder until written."""
