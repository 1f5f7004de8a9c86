"""What comes in from and goes out to other programs: run files, patient lists, case files, the whole clinic."""
