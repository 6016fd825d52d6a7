"""Makes every fitted number and every shipped weight from data; not part of the package."""
