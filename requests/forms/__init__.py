"""Forms of the desk and of residents, one module a room."""
