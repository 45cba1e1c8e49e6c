"""Why a verdict is what it is, in words: reasons go in, and nothing reads them back out."""
