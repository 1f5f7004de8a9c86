"""What the literature and the clinic believe: measures, exercises, supports, rules and wording, read once and frozen."""

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.knowledge.faults import Fault, KnowledgeFaults
from kneeclinic.knowledge.loader import load_knowledge

__all__ = ["Fault", "Knowledge", "KnowledgeFaults", "load_knowledge"]
