"""What several screens share: the frame, the session, forms drawn from the measures, cards, tables and plain errors."""
