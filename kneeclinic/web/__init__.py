"""The edge of the house: who may come in, what may leave, and how the server starts and stops."""
