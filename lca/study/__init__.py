"""Goal and scope: a study, its functional unit, its system boundary, its scenarios, and its assembly."""
