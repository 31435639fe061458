"""Synthetic series: families of processes, drawn, mixed, cut and batched."""
