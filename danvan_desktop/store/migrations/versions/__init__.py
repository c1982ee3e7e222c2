"""One module per step of the data format; never changed after release."""
