"""Labels that teach and measure text evidence."""
