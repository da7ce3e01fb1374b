"""归档: ended cases become volumes with list, number, box and place; volumes are lent to staff and come back (domain 16.8, 1.3)."""
