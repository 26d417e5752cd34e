"""What a learner is told: the parts of a page, its sentences, and how it is shown."""
