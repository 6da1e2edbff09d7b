"""A small sound guide that tests spoil one line at a time, and bigger ones made of many such levels."""

SOUND = """\
key: small
municipality_number: "9999"
sector: school
name: A small guide
language: en
version: "1"
valid_from: 2026-01-01
youth_consent_age: 15
log_starts_at: "1"
who_may_write: [holder, member]
target_group: {min_age: 0, max_age: 18}
violence_rule:
  parents_contact: after_assessment
  discuss_with: [child_welfare]
  text: Ask first.
child_voice:
  any_age: true
concern_report:
  from_every_step: true
baton:
  acceptance: explicit
case_types:
  - {id: absence, name: Absence}
tools:
  - id: form
    name: A form
    link: https://example.org/form
arenas:
  - {id: team, name: The team}
clocks:
  - id: decide
    name: Decide in time
    starts: concern_arose
    due: decision
    length: {days: 14}
    remind_before: 3
    levels: ["0"]
    case_types: [absence]
  - id: first-meeting
    name: Meet soon
    starts: level_entered
    due: meeting
    length: {weeks: 2}
    between: {leaving: "1", entering: "2"}
levels:
  - id: "0"
    rung: 0
    name: Wonder
    steps:
      - id: notice
        name: Notice
        tools: [form]
        requires: [observations_written]
      - id: choose
        name: Choose
        decision: true
    outcomes:
      - {when: nothing, text: Nothing more, to: close}
      - {when: own, text: We help ourselves, to: "1", from_step: choose}
      - {when: care, text: Concern about care, to: "2", requires: [concern_report_sent]}
  - id: "1"
    rung: 1
    name: Own service
    includes_arenas: [team]
    services: {least: 0, preferred: 1, most: 2}
    steps:
      - id: try
        name: Try
        requires: [goals_set]
        gate: block
      - id: look
        name: Look
        decision: true
    outcomes:
      - {when: done, text: Well enough, to: close}
      - {when: again, text: Go on, to: "1", to_step: try}
      - {when: more, text: Others too, to: "2"}
  - id: "2"
    rung: 2
    name: Together
    steps:
      - {id: meet, name: Meet, decision: true}
    outcomes:
      - {when: done, text: Well enough, to: close}
"""


def spoiled(before: str, after: str) -> str:
    """The sound guide with one place changed; the place must be there exactly once."""
    assert SOUND.count(before) == 1, f"«{before}» is there {SOUND.count(before)} times"
    return SOUND.replace(before, after)


def line_of(text: str, words: str) -> int:
    """The number of the first line that has these words."""
    return next(number for number, line in enumerate(text.splitlines(), start=1) if words in line)


def long_guide(levels: int, steps: int) -> str:
    """A sound guide of many levels in a row, each with many steps of four lines."""
    head = SOUND[: SOUND.index("case_types:")].replace('log_starts_at: "1"', "log_starts_at: l0")
    return head + "levels:\n" + "".join(_level(n, levels, steps) for n in range(levels))


def _level(number: int, levels: int, steps: int) -> str:
    last = number == levels - 1
    rows = [f"  - id: l{number}", f"    rung: {min(number, 3)}", f"    name: Level {number}", "    steps:"]
    for step in range(steps):
        rows += [f"      - id: s{step}", f"        name: Step {step}", "        what: Do what is needed"]
        rows += [f"        decision: {'true' if step == steps - 1 else 'false'}"]
    rows += ["    outcomes:", "      - {when: done, text: Well enough, to: close}"]
    rows += [] if last else [f"      - {{when: on, text: Further, to: l{number + 1}}}"]
    return "\n".join(rows) + "\n"
