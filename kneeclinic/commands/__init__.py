"""The command line: one sub-command a verb, for scripts and for whoever keeps the clinic's machine."""
