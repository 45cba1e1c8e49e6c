"""One module per dialog source, giving dialogs; cleaning and pseudonyms."""
