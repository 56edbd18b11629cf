"""Screens that stand before the dashboard: help and welcome."""
