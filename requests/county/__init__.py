"""办理+代理: handled here, or taken in here, carried to the county and brought back; never out of sight (domain 16.9)."""
