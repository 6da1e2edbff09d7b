"""`python -m bench.chaos`: many stories under random trouble with several seeds, and what was lost: nothing."""

import argparse
from dataclasses import asdict

from tests.faults import chaos
from tests.machinery import standing


def main() -> int:
    """Print a report for each seed; answer 1 when anything was lost, doubled, stuck or broken."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--cases", type=int, default=50)
    wanted.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    wanted.add_argument("--at-once", type=int, default=4)
    chosen = wanted.parse_args()
    sound = True
    for seed in chosen.seeds:
        with standing() as machinery:
            report = chaos.run(machinery, cases=chosen.cases, seed=seed, at_once=chosen.at_once)
        print("  ".join(f"{name} {value}" for name, value in asdict(report).items()), flush=True)
        sound = sound and report.sound
    return 0 if sound else 1


if __name__ == "__main__":
    raise SystemExit(main())
