"""``python -m twitchwise`` is the command line, where the ``twitchwise`` command is not on the path."""

from twitchwise.cli import main

if __name__ == "__main__":
    main()
