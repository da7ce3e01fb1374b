"""诉求、交办单、办不成事反映、人民调解: cases without an item of the catalogue (domain 8 and 9)."""
