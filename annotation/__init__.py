"""Label Studio: labelling screens, tasks, and labels merged back."""
