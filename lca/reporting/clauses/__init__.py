"""The clauses of standards as tables of data, each with the function that looks whether a study meets it."""
