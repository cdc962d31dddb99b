"""The common indicator set: declarations, the counts they are made of, and their values by area and year."""
