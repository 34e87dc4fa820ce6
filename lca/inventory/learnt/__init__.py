"""The energy of served models before it is measured, by models that were learnt from measurements."""
