"""What a status line may name, in words: light, because every `--help` shows it."""

FIELDS = {
    "account": "label of the account; of several, the one that is worst off",
    "accounts": "how many accounts there are",
    "neurons": "measured neurons of the UTC day, of the whole account",
    "nowcast": "what was burned since then, estimated (~)",
    "neurons_limit": "the day's allowance",
    "neurons_pct": "share of the allowance, with the estimate, in per cent",
    "projected": "neurons by 00:00 UTC, as a range",
    "eta": "when they run out (UTC): 19:10–21:40, from 19:10, lasts, used up",
    "verdict": "the same in words: runs out 19:10–21:40",
    "requests": "requests in the window, within --gateway, --provider, --model",
    "errors": "those that failed",
    "error_rate": "those that failed, in per cent",
    "cache_hit_rate": "those that the cache answered, in per cent",
    "cost": "USD in the window, of all models but those of Workers AI",
    "tokens_in": "tokens in",
    "tokens_out": "tokens out",
    "age": "how long ago Cloudflare was last read: 40 s, 12 min",
    "state": "live, stale or empty",
    "stale": "stale 12 min; nothing while it is live",
}
"""Name → meaning, as `status --help` lists them."""
