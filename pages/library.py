"""What does this product believe, and on whose word?"""

from __future__ import annotations

from kneeclinic.ui import cards, library_view, session

cards.title("Library", "What does this product believe, and on whose word?")
library_view.library(session.desk())
