"""What stages share: parameters, paths, progress, counts, the chat client, workspaces."""
