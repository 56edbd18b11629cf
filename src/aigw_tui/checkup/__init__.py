"""Asking what `doctor` and `setup` want to know; `insight` judges the answers.

doors     a client for each account, the built-in account's too
account   one account: its token, permissions, gateways, datasets and data
traffic   whether there are data, and the evidence where there are none
machine   this machine: terminal, history, versions, settings
"""
