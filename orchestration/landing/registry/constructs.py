"""What scales measure, in one word each: the words that tie scales of several instruments together.

What belongs here: the declared words with their meaning, and what is wrong with a word.
What does not: which scale measures what (``seeds/scales.csv``).

Two scales with the same word measure one outcome, so a misspelt word would silently stand alone. A
clinic may still measure something of its own: any other word is its own construct.
"""

from collections.abc import Iterator
from difflib import get_close_matches

from orchestration.landing.registry.entries import Entries, rows_of
from orchestration.landing.registry.evidence import PublishedEffect
from orchestration.landing.registry.questionnaires import Instrument, Scale
from orchestration.landing.registry.reading import Entry, Problems

CONSTRUCTS = {
    "self_compassion": "kindness to oneself, common humanity and mindfulness in hard moments",
    "self_reassurance": "the ability to reassure oneself when things go wrong",
    "self_criticism": "attacking oneself, or feeling inadequate, when things go wrong",
    "self_esteem": "how one values oneself",
    "fear_of_compassion": "fear of giving or receiving compassion, or of being kind to oneself",
    "shame": "feeling flawed in others' or one's own eyes; see shame_type",
    "guilt": "feeling bad about something done",
    "pride": "feeling good about oneself or something done",
    "depression": "low mood and the symptoms that go with it",
    "anxiety": "anxious mood and the symptoms that go with it",
    "stress": "tension and the sense of being overloaded",
    "worry": "worry that is hard to control",
    "rumination": "repetitive thought about one's distress",
    "distress": "psychological distress in general",
    "trauma_symptoms": "symptoms after a traumatic event",
    "eating_psychopathology": "thoughts and acts of disordered eating",
    "functioning": "work, home, social life and relationships",
    "wellbeing": "feeling well",
    "risk": "risk of harm to self or others",
    "emotion_regulation": "difficulty in regulating emotion",
    "experiential_avoidance": "avoidance of inner experience, psychological inflexibility",
    "attachment_anxiety": "fear of being abandoned or unloved",
    "attachment_avoidance": "unease with closeness and dependence",
    "mindfulness": "attention to the present without judgement",
    "alliance": "the bond and agreement between client and therapist",
    "presence": "the therapist's presence in the session",
    "several": "of an instrument whose scales measure different things: see its scales",
}
_NEAR = 0.85  # a letter or two amiss, by difflib's measure; stress and distress are both declared


def check_constructs(entries: Entries, problems: Problems) -> None:
    """Shipped rows use declared words alone; a clinic's word is declared or unlike all of them."""
    for entry, column, word in _words(entries):
        if word in CONSTRUCTS:
            continue
        near = get_close_matches(word, CONSTRUCTS, n=1, cutoff=_NEAR)
        if near:
            what = f"if this is {near[0]}, write {near[0]}; else choose a word less like it"
            problems.at(entry, column, what)
        elif entry.origin == "seed":
            problems.at(entry, column, f"write one of {', '.join(CONSTRUCTS)}")


def _words(entries: Entries) -> Iterator[tuple[Entry, str, str]]:
    for entry, instrument in rows_of(entries, "instruments", Instrument):
        yield entry, "construct", instrument.construct_
    for entry, scale in rows_of(entries, "scales", Scale):
        if scale.construct_ is not None:
            yield entry, "construct", scale.construct_
    for entry, effect in rows_of(entries, "published_effects", PublishedEffect):
        if effect.outcome_construct is not None:
            yield entry, "outcome_construct", effect.outcome_construct
