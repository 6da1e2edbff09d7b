"""What to say of a fault, in English, for the command line. The pages say it in the reader's language."""

from levels.guides.reading import Fault

SENTENCES: dict[str, tuple[str, str]] = {
    "too_large": ("The file is larger than one megabyte.", "Split it, or remove what is not the guide."),
    "not_yaml": ("This line is not valid YAML.", "Check indentation, quotes and colons here and just above."),
    "not_a_mapping": (
        "The file does not begin with the guide's keys.",
        "Start with key:, name: and levels:.",
    ),
    "anchors_not_allowed": ("Anchors and aliases are not allowed.", "Write the text out where it is needed."),
    "tags_not_allowed": ("Tags (!…) are not allowed.", "Remove the tag."),
    "too_deep": ("The text is nested too deeply.", "A guide is at most levels, steps and lists."),
    "key_not_text": ("A key must be a word.", "Write key: value."),
    "key_twice": ("«{key}» is written twice.", "Keep one of them."),
    "unknown_key": ("«{key}» is not a key Stafetten knows here.", "Check the spelling, or remove the line."),
    "missing_key": ("«{key}» is missing.", "Add it under the item on this line."),
    "not_one_of": ("«{key}» is not one of the allowed values.", "Use one of: {expected}."),
    "text_missing": ("«{key}» has no text.", "Write a few words people can read."),
    "text_too_long": ("«{key}» is too long.", "Shorten it to 2000 characters."),
    "list_empty": ("«{key}» is empty.", "Add at least one."),
    "spelling": (
        "«{key}» has characters that cannot be used.",
        "Use letters, digits, point, hyphen and underscore.",
    ),
    "wrong_value": ("«{key}» has a value of the wrong kind.", "Compare with the format description."),
    "no_such_level": ("There is no level «{level}».", "Use the id of one of the guide's levels, or close."),
    "no_such_step": ("There is no step «{step}» there.", "Use the id of one of that level's steps."),
    "no_such_arena": ("There is no arena «{arena}».", "Describe it under arenas:, or remove it here."),
    "id_twice": ("The id «{id}» is used twice.", "Give one of them another id."),
    "no_decision_step": (
        "Level «{level}» has no step where it is decided.",
        "Mark one step with decision: true.",
    ),
    "no_way_out": (
        "Every outcome of level «{level}» leads back to itself.",
        "Add an outcome to close or to another level.",
    ),
    "unreachable": ("No outcome leads to level «{level}».", "Add an outcome to it, or remove the level."),
    "one_length_only": ("Clock «{clock}» needs exactly one of days, weeks and months.", "Keep one."),
    "clock_starts_nowhere": (
        "Clock «{clock}» starts with something that never happens.",
        "Use a known event or step_done:<step>.",
    ),
    "clock_ends_nowhere": (
        "Clock «{clock}» waits for a step that does not exist.",
        "Use step:<id> of a step in the guide.",
    ),
    "report_never_gated": (
        "A report of concern may not wait for anything else.",
        "Require only concern_report_sent here.",
    ),
    "baton_waits_too_long": ("A baton may not wait more than 60 days for an answer.", "Shorten the clock."),
}


def sentence(fault: Fault) -> str:
    """Line, what is wrong, and how to mend it."""
    wrong, remedy = SENTENCES[fault.code]
    values = {"key": "", "expected": "", "level": "", "step": "", "arena": "", "id": "", "clock": ""}
    values |= dict(fault.values)
    return f"line {fault.line}: {wrong.format(**values)} {remedy.format(**values)}"
