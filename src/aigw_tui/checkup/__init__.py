"""Asking what `doctor` and `setup` want to know; `insight` judges the answers.

doors     a client for each account, the built-in account's too
account   one account: its token, permissions, gateways, datasets and data
counter   a Worker's own counter
alerts    rules, targets, and whom they tell
traffic   whether there are data, and the evidence where there are none
machine   this machine: terminal, history, versions, settings
"""
