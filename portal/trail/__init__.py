"""What the inspector reads: the trail of a case, of a person, of an item, told from history, facts and the chain."""
