"""What to paste elsewhere for one account and gateway: the Worker's call, the REST call, wrangler's file, `.env`."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from urllib.parse import quote

from aigw_tui.model import Gateway

MODEL = "@cf/meta/llama-3.2-1b-instruct"
"""The cheapest text model by price."""
HOST = "https://gateway.ai.cloudflare.com/v1"
PROMPT = "Say hello."
TOKEN_LINE = "CLOUDFLARE_API_TOKEN="  # noqa: S105 - a variable's name


def worker(gateway: Gateway) -> str:
    """TypeScript; `skipCache` and `cacheTtl` (seconds) as the gateway's own settings have them."""
    ttl = gateway.cache_ttl_s
    if ttl:
        cache = f"skipCache: false, cacheTtl: {ttl}"
    elif ttl == 0:
        cache = "skipCache: true"  # a cacheTtl of 0 is none
    else:
        cache = "skipCache: false"
    return f"""\
// src/index.ts
export default {{
  async fetch(request, env): Promise<Response> {{
    const answer = await env.AI.run(
      {json.dumps(MODEL)},
      {{ prompt: {json.dumps(PROMPT)} }},
      {{ gateway: {{ id: {json.dumps(gateway.id)}, {cache} }} }},
    );
    return Response.json(answer);
  }},
}} satisfies ExportedHandler<Env>;
"""


def wrangler(account: str, compatibility_date: str) -> str:
    """wrangler.jsonc; `compatibility_date`: YYYY-MM-DD."""
    return f"""\
// wrangler.jsonc
{{
  "$schema": "node_modules/wrangler/config-schema.json",
  "name": "my-worker",
  "main": "src/index.ts",
  "compatibility_date": {json.dumps(compatibility_date)},
  "account_id": {json.dumps(account)},
  // env.AI in the Worker; which gateway it goes through is said in the call
  "ai": {{ "binding": "AI" }}
}}
"""


def rest_call(account: str, gateway: Gateway) -> str:
    """A shell line; the token in it is a variable, and another one than the monitor's, which only reads."""
    url = f"{HOST}/{quote(account, safe='')}/{quote(gateway.id, safe='')}/workers-ai/{MODEL}"
    headers = ['-H "Authorization: Bearer $WORKERS_AI_TOKEN"']
    if gateway.is_authenticated:
        headers.append('-H "cf-aig-authorization: Bearer $CF_AIG_TOKEN"')
    if gateway.cache_ttl_s:
        headers.append(f'-H "cf-aig-cache-ttl: {gateway.cache_ttl_s}"')
    body = shlex.quote(json.dumps({"prompt": PROMPT}))
    parts = (f"curl {shlex.quote(url)}", *headers, "-H 'Content-Type: application/json'", f"-d {body}")
    return (
        "# WORKERS_AI_TOKEN: a token that may run Workers AI; not the monitor's, which only reads\n"
        + (
            "# CF_AIG_TOKEN: this gateway is authenticated; a token with AI Gateway: Run\n"
            if gateway.is_authenticated
            else ""
        )
        + " \\\n  ".join(parts)
        + "\n"
    )


def dotenv(accounts: Sequence[str], gateway: str) -> str:
    """`.env` without the token: what is printed may stay in a terminal's memory, or go into a repository."""
    lines = [
        "# Paste the token behind the =, then: chmod 600 .env",
        TOKEN_LINE,
        f"CLOUDFLARE_ACCOUNT_ID={','.join(accounts)}",
    ]
    lines += [f"AI_GATEWAY_ID={gateway}"] if gateway else []
    return "\n".join(lines) + "\n"


def all_calls(account: str, gateway: Gateway, compatibility_date: str) -> str:
    """The three, one below the other."""
    return "\n".join((worker(gateway), wrangler(account, compatibility_date), rest_call(account, gateway)))
