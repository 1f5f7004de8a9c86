"""Every screen, as a person at the desk meets it."""
