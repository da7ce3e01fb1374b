"""联审联办: several offices work on one case at once, with one lead office, one overall date and one visit to the place."""
