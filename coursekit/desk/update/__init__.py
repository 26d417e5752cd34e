"""An update of the course, merged into the learner's copy without loss of what is theirs."""
