"""Ways in which people ask: what is put around what they want."""

from __future__ import annotations

import random

WANTS = (
    "how do i {}", "how can i {}", "how to {}", "where can i {}", "where do i {}", "i want to {}",
    "i would like to {}", "i'd like to {}", "i need to {}", "i have to {}", "help me {}", "help me to {}",
    "can you help me {}", "could you help me to {}", "can you help me to {}", "i need help to {}",
    "i want help to {}", "i need assistance to {}", "i could use some help to {}", "assistance to {}",
    "is it possible to {}", "would it be possible to {}", "can i {}", "could i {}", "may i {}",
    "am i able to {}", "i am trying to {}", "i'm trying to {}", "i tried to {}", "i can't {}", "i cannot {}",
    "i am not able to {}", "i am unable to {}", "i don't know how to {}", "i do not know how to {}",
    "i don't know where to {}", "i have no idea how to {}", "what do i have to do to {}",
    "what do i need to do to {}", "what should i do to {}", "what are the steps to {}",
    "what is the way to {}", "tell me how to {}", "show me how to {}", "can you tell me how to {}",
    "could you tell me how i can {}", "please tell me how i can {}", "i want to know how to {}",
    "i wanna {}", "i wanna know how to {}", "i wish to {}", "i was wondering how to {}",
    "i wonder if i can {}", "what is the best way to {}", "who can help me {}", "i must {}", "let me {}",
    "{}", "{}", "please {}", "i have trouble trying to {}", "i need you to {}", "i'd love to {}",
    "can somebody help me {}", "any chance to {}", "we need to {}", "my wife wants to {}",
    "is there a way to {}", "is there any way i can {}", "i am looking for a way to {}",
)  # fmt: skip
"""Frames of a verb phrase."""

THINGS = (
    "{}", "{}", "question about {}", "i have a question about {}", "help with {}", "i need help with {}",
    "i need assistance with {}", "can you help me with {}", "could you help me with {}",
    "information about {}", "i need information about {}", "i want information about {}",
    "tell me about {}", "can you tell me about {}", "could you tell me more about {}",
    "i would like to know about {}", "i have doubts about {}", "what about {}", "how about {}",
    "i am looking for {}", "i don't understand {}", "show me {}", "explain {}", "details about {}",
    "where do i find information about {}", "regarding {}", "re: {}", "it's about {}", "i am asking about {}",
    "assistance with {}", "i am interested in {}", "what can you tell me about {}",
)  # fmt: skip
"""Frames of a noun phrase."""

DENIALS = (
    "i do not want to {}", "i don't want to {}", "please do not {}", "don't {}", "i never asked to {}",
    "i did not ask to {}", "i am not trying to {}", "no need to {}", "i don't need to {}",
    "i have no intention to {}", "you must not {}", "i wouldn't like to {}", "this is not about how to {}",
)  # fmt: skip
"""Frames that say that a verb phrase is not wanted."""

OPENINGS = (
    "hi, ", "hello, ", "hey, ", "hi there, ", "good morning, ", "good evening. ", "dear team, ",
    "dear sir or madam, ", "please, ", "excuse me, ", "sorry, ", "so ", "well, ", "ok so ", "urgent: ",
    "quick question: ", "hey guys ",
    "hello dear support, ", "i hope you are well. ", "my name is anna. ", "hi, i am a customer of yours. ",
)  # fmt: skip

CLOSINGS = (
    " please", ", please", " thanks", ". thank you", ". thanks in advance", " pls", " asap", " now", " today",
    ", can you help me?", ", what should i do?", ", how does it work?", " ?", "??", "!", ".", "...",
    ". kind regards, john", ". sent from my phone", ", i can't find it on your site",
    " for order ordernumber",
    ", my number is phonenumber", ". write me at emailaddress", ", help me", " plz help",
)  # fmt: skip

ANGER = (
    "this is ridiculous, ", "for god's sake, ", "what the hell, ", "are you kidding me? ",
    "i am really angry, ", "ffs ", "damn it, ", "this is the third time i ask: ", "unbelievable. ",
    "i am fed up. ", "you useless bunch, ",
)  # fmt: skip

SWEARING = ("fucking", "damn", "bloody", "goddamn", "freaking", "stupid", "shitty", "crappy")


def surround(text: str, rng: random.Random, share: float = 0.25) -> str:
    """Put a greeting before and a closing after a text, each with the chance `share`."""
    if rng.random() < share:
        text = rng.choice(OPENINGS) + text
    if rng.random() < share:
        text = text.rstrip("?.! ") + rng.choice(CLOSINGS)
    return text


def swear(text: str, rng: random.Random) -> str:
    """Make a text angry: a curse before it, or a swear word before one of its last words."""
    if rng.random() < 0.5:
        return rng.choice(ANGER) + text
    words = text.split(" ")
    place = max(1, len(words) - rng.randint(1, 3))
    return " ".join([*words[:place], rng.choice(SWEARING), *words[place:]])
