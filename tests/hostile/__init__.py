"""Every public callable with odd values: what comes back is a result, or an error of the library that helps."""
