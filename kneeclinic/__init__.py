"""KneeClinic: the desk of a physical therapist who treats runner's knee."""

__version__ = "0.1.0"
