"""From the record to findings that explain themselves: red flags, scores, suggestions, phase, program, weekly review."""
