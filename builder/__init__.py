"""The library: values in, values out; disk and network only at named doors."""
