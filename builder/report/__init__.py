"""The one page that shows what a run made: values in, HTML out."""
