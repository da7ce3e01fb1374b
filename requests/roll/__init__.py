"""在享名册: who is on it under which key (`people`), what is done to a row (`verbs`), deaths (`deaths`), who sees which rows (`lists`)."""
