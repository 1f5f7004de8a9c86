"""A simulated caseload of runners whose true course is known, against which the alerts of the product are scored."""
