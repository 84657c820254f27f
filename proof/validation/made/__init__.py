"""Made-up beats, breathing and electrocardiograms of which the truth is known."""
