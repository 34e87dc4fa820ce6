"""What follows from operations, a rate or a data sheet, before anything is measured."""
