"""What a logged request asked and was answered: invented, the same for the same log every time."""

from __future__ import annotations

from random import Random

from aigw_tui.demo.envelope import Json
from aigw_tui.demo.event import Event

ASKED = (
    "Sort this ticket into one of: billing, shipping, other. Ticket: {what}",
    "Summarise in one sentence: {what}",
    "Write a short, friendly answer to: {what}",
)
TALK = (
    "my parcel has been in Leipzig since Tuesday",
    "the invoice of October shows the old address",
    "is the blue one back in stock before the weekend?",
    "how do I move my data from the free plan to the larger one?",
)
SAID = (
    "shipping",
    "The customer asks for a corrected invoice.",
    "Yes, it is: 14 of them came in this morning.",
    "Open Settings, then Plans; your data come along by themselves.",
)


def request_of(event: Event, id_: str) -> Json:
    """As the caller sent it."""
    random = Random(id_)  # noqa: S311 - nothing secret
    what = random.choice(TALK)
    if not event.model.tokens_out:
        return {"model": event.model.name, "input": [what]}
    asked = random.choice(ASKED).format(what=what)
    return {"model": event.model.name, "messages": [{"role": "user", "content": asked}], "max_tokens": 512}


def response_of(event: Event, id_: str) -> Json:
    """As the provider answered; in the manner of OpenAI, which most gateways speak."""
    if event.status >= 400:
        return {"error": {"code": event.fault or event.status, "message": "the request was refused"}}
    random = Random(f"{id_}/answer")  # noqa: S311 - nothing secret
    usage = {"prompt_tokens": event.tokens_in, "completion_tokens": event.tokens_out}
    if not event.model.tokens_out:
        vector = [round(random.uniform(-1, 1), 4) for _ in range(8)]
        return {"object": "list", "data": [{"embedding": vector}], "usage": usage}
    message = {"role": "assistant", "content": random.choice(SAID)}
    return {"id": f"chatcmpl-{id_[:12]}", "choices": [{"index": 0, "message": message}], "usage": usage}
