"""Training of Starling's networks: corpora, features, models, losses, export."""
