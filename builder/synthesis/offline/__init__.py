"""The offline writer: constraints from phrases and frames, cues by rule."""
