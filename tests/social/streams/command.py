"""`moongate social …` as a process of its own, without the rest of the command."""

import argparse
import sys

from moongate.social import cli


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="moongate")
    cli.register(parser.add_subparsers())
    chosen = parser.parse_args(words)
    return chosen.function(chosen)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
