"""Names for runs that were given none: adjective-noun-number, the number being the run's own in its project."""

import random

ADJECTIVES = """amber brisk calm clear cosmic dusty eager early fable fresh gentle golden hidden honest jolly keen
lively lucid lunar mellow misty mossy noble patient polar quiet rapid ruby sage silver smooth solar stellar still
sunny swift tidal upbeat vivid warm wise""".split()
NOUNS = """badger beacon birch breeze brook cedar cloud comet coral creek delta dune ember falcon fern fjord forest
glade harbor heron island lagoon lake lantern lark maple meadow moon oak orchid otter pebble pine plum prairie prism
raven reef ridge river robin shore spruce star summit tulip valley willow wren""".split()


def invent(number: int) -> str:
    return f"{random.choice(ADJECTIVES)}-{random.choice(NOUNS)}-{number}"
