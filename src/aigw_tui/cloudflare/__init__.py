"""Cloudflare's API, asked politely: one GraphQL document a tick, discovered bounds, an own budget."""
