"""Goal and scope: the study, its functional unit, system boundary, allocation, scenarios and assembly."""
