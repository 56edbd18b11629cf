"""Ways out of the program: tables, exports."""
