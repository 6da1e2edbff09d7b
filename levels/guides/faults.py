"""What to say of a fault, in English, for the command line. The pages say it in the reader's language, by code."""

from levels.guides.floors import FLOORS, Floor
from levels.guides.reading import Fault

SENTENCES: dict[str, tuple[str, str]] = {
    "too_large": (
        "The file is larger than one megabyte.",
        "Split it by sector, or remove what is not the guide.",
    ),
    "wrong_encoding": ("The file is not UTF-8 here.", "Save it again as UTF-8."),
    "wrong_character": ("There is a control character here.", "Write the line again by hand."),
    "not_yaml": (
        "This line is not valid YAML ({problem}).",
        "Check indentation, quotes and colons here and just above.",
    ),
    "not_a_mapping": (
        "The file does not begin with the guide's keys.",
        "Start with key:, name: and levels:.",
    ),
    "more_than_one_document": ("A second document begins here.", "Keep one guide in each file."),
    "anchors_not_allowed": ("Anchors and aliases are not allowed.", "Write the text out where it is needed."),
    "tags_not_allowed": (
        "Tags (words beginning with «!») are not allowed.",
        "Remove the tag, or quote the text.",
    ),
    "too_deep": ("The text is nested too deeply.", "A guide is levels, steps and lists, nothing deeper."),
    "key_not_text": ("A key must be a word.", "Write key: value."),
    "key_twice": ("«{key}» is written twice.", "Keep one of them."),
    "unknown_key": ("«{key}» is not a key here.", "Did you mean: {nearest}? Otherwise remove the line."),
    "missing_key": ("«{key}» is missing.", "Add it to the item that begins here."),
    "not_one_of": ("«{value}» is not a possible value of «{key}».", "Use one of: {allowed}."),
    "nothing_asked_anew": (
        "Nobody is asked anew, so there is nothing to wait for.",
        "Say when the family is asked anew, with handover or joining, or remove the line.",
    ),
    "text_missing": ("«{key}» has no text.", "Write a few words people can read, or remove the line."),
    "text_too_long": ("«{key}» is too long.", "Shorten it to {most} characters."),
    "not_a_text": (
        "«{key}» should be a text.",
        "Write the text on the same line, in quotes if it has a colon.",
    ),
    "spelling": (
        "«{key}» has characters that cannot be used.",
        "Use letters, digits, point, hyphen and underscore.",
    ),
    "not_a_link": ("«{key}» is not a web address.", "Write the whole address, beginning with https://."),
    "not_a_municipality_number": (
        "«{value}» is not a municipality number.",
        "Write four digits in quotes, or null.",
    ),
    "not_a_number": ("«{key}» should be a whole number.", "Write digits only."),
    "number_too_low": ("«{key}» is too low.", "It can be no less than {least}."),
    "number_too_high": ("«{key}» is too high.", "It can be no more than {most}."),
    "not_yes_or_no": ("«{key}» should be true or false.", "Write true or false."),
    "not_a_date": ("«{key}» is not a date.", "Write year-month-day, such as 2026-08-01."),
    "not_a_list": (
        "«{key}» should be a list.",
        "Put each item on a line of its own that begins with a hyphen.",
    ),
    "not_a_group": (
        "«{key}» should have keys of its own.",
        "Indent the keys under it; see the format description.",
    ),
    "list_empty": ("«{key}» is empty.", "Add at least one."),
    "list_too_long": ("«{key}» has too many items.", "Keep those people need."),
    "wrong_value": ("«{key}» has a value of the wrong kind.", "Compare with the format description."),
    "id_twice": ("The id «{id}» is used twice.", "Give one of them another id."),
    "reserved_id": ("«{id}» has a meaning of its own.", "Give the level another id."),
    "first_level_not_zero": (
        "The first level, «{level}», does not count as level 0.",
        "Begin where a worry is noticed: rung: 0.",
    ),
    "unknown_level": (
        "There is no level «{level}».",
        "Use the id of one of the guide's levels, close, or decision_forum.",
    ),
    "unknown_step": ("Level «{level}» has no step «{step}».", "Use the id of one of that level's steps."),
    "unknown_arena": ("There is no arena «{arena}».", "Describe it under arenas:, or remove it here."),
    "unknown_tool": ("There is no tool «{tool}».", "Describe it under tools:, or remove it here."),
    "unknown_case_type": (
        "There is no case type «{case_type}».",
        "Describe it under case_types:, or remove it here.",
    ),
    "unknown_statute": (
        "«{statute}» is not a statutory term in force then.",
        "Use a code from the list, or remove the line.",
    ),
    "no_decision_step": (
        "Level «{level}» has no step where it is decided.",
        "Mark one step with decision: true.",
    ),
    "unreachable_step": (
        "Nobody comes to step «{step}»: it stands after the level's decision, and no outcome leads to it.",
        "Move it before the decision, or let an outcome lead to it with to_step.",
    ),
    "outcome_without_decision": (
        "Nothing is decided at step «{step}».",
        "Mark it with decision: true, or name another step.",
    ),
    "unreachable_level": (
        "No outcome leads to level «{level}».",
        "Add an outcome to it, or remove the level.",
    ),
    "no_way_out": ("There is no way out of level «{level}».", "Add an outcome to close or to another level."),
    "never_closes": (
        "A case at level «{level}» can never be closed.",
        "Let an outcome lead to close, here or further on.",
    ),
    "ages_crossed": ("The lowest age is above the highest.", "Change min_age or max_age."),
    "services_crossed": ("The least number of services is above the most.", "Change least or most."),
    "one_length_only": ("Clock «{clock}» needs exactly one of days, weeks and months.", "Keep one of them."),
    "working_needs_days": (
        "Clock «{clock}» counts working days in weeks or months.",
        "Write the length in days.",
    ),
    "reminder_before_start": ("Clock «{clock}» would remind before it has started.", "Lower remind_before."),
    "ladder_goes_down": ("The ladder of clock «{clock}» goes down.", "Write chase by rising days after."),
    "nobody_asked": (
        "Clock «{clock}» chases a service, but waits for something else than its answer.",
        "Use holder, leader or coordinator here, or let the clock wait for reply.",
    ),
    "clock_starts_nowhere": (
        "Clock «{clock}» starts with «{starts}», which never happens there.",
        "Use concern_arose (level 0 only), level_entered, meeting_held, invitation_sent, baton_offered, "
        "measure_started or step_done:<step>.",
    ),
    "clock_ends_nowhere": (
        "Clock «{clock}» waits for «{due}», which cannot happen after it has started.",
        "Use decision, meeting, reply (of an invitation), acceptance (of a baton), evaluation or step:<step>.",
    ),
    "no_way_between": (
        "Clock «{clock}» runs between levels no outcome joins.",
        "Name a level and one its outcomes lead to.",
    ),
    "consent_to_share_required": (
        "Level «{level}» would share with other services without consent.",
        "Remove the line: consent is always asked for.",
    ),
    "concern_report_gated": (
        "A report of concern may not wait for anything else.",
        "Remove the other requirements.",
    ),
    "report_exit_closed": ("A report of concern must be possible from every step.", "Remove the line."),
    "child_heard_from_an_age": ("A child is heard whatever its age.", "Remove the line."),
    "consent_age_too_high": (
        "Young people consent themselves from {most} at the latest.",
        "Write {most} or less.",
    ),
    "statutory_term_longer": (
        "The term is longer than the law's ({section}).",
        "Shorten it, or remove the clock.",
    ),
    "baton_moves_by_itself": (
        "The baton moves only when the next holder has accepted it.",
        "Remove the line, or write explicit.",
    ),
    "holder_cannot_write": (
        "The holder keeps the log and must be able to write in it.",
        "Add holder to the list.",
    ),
}


class _Values(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def wrong(fault: Fault) -> str:
    """What is wrong, in one English sentence."""
    return SENTENCES[fault.code][0].format_map(_Values(fault.values))


def remedy(fault: Fault) -> str:
    """How to mend it, in one English sentence."""
    return SENTENCES[fault.code][1].format_map(_Values(fault.values))


def floor(fault: Fault) -> Floor | None:
    """The floor a fault goes below, with its source; None for other faults."""
    return FLOORS.get(fault.code)


def sentence(fault: Fault) -> str:
    """Line, place, what is wrong, how to mend it, and where a floor comes from."""
    place = f" ({fault.path})" if fault.path else ""
    below = floor(fault)
    basis = f" [{below.source}; {below.status.replace('_', ' ')}]" if below else ""
    return f"line {fault.line}{place}: {wrong(fault)} {remedy(fault)}{basis}"
