"""What is printed and typed: tables, widths, days and durations as people write them."""
