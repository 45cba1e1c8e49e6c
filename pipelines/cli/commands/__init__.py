"""What the commands of `saferec` look up and print."""
