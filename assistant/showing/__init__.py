"""How does each answer look? One module per question: ``sheet(answer, reader, naming)``."""
