"""Synthetic data by COPY, in any amount: what the figures of docs/explain.md are measured on.

`bare.py`: tables without their indexes while they are loaded. `rows.py`: the rows. `load.py`: the order.
"""
