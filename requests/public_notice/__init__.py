"""公示: what a sheet may show (`rules`), its days, its verbs, how a case stands to it (`standing`), who does what when (`lists`)."""
