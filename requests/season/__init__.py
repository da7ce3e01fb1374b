"""集中申报: households (`people`), a village's spreadsheet (`sheet`) and its check, the road of a batch (`verbs`), figures."""
