"""The inventory of a study as processes with exchanges, as tools for life-cycle assessment keep one."""
