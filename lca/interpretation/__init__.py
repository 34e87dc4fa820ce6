"""Answers: functions that read a study or a result and never build one."""
