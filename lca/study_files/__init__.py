"""A study in a file: tables of a TOML file or of a workbook become the constructors of the library, and a study."""
