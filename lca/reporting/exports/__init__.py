"""What others read: a result in the form that a standard, a platform or a tool asks for; one file for each."""
