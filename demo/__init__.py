"""What does the product say of a company? A made-up one, loaded through the real intake."""
