"""Values and formulas: parameters, labelled dims, functions, programs. No word of life-cycle assessment is here."""
