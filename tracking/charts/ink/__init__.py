"""What png.py draws with: fonts, text that fits, the plot and its legend. Imports matplotlib: for workers only."""
