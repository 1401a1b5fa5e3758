"""Macro and currency figures: r-star, policy rate, core PCE, ECB reference rates, fund holdings."""
