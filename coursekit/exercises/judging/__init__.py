"""What an answer does, held against what it should do: no word for the learner is chosen here."""
