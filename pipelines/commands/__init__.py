"""What the `saferec` command looks up: one module per subcommand, values out, nothing printed."""
