"""What follows from the weeks: real change, adherence, running load, the weekly review and the order of the caseload."""
