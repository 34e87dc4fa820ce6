"""The chapters of a report, one file for each: what a chapter shows as texts, tables of texts and figures."""
