"""Couriers: one for each way of getting a badge into a backpack."""
