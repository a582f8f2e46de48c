"""Qualitative comparative analysis: calibration, necessity, truth table, minimisation, robustness."""
