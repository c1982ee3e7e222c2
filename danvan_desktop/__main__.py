"""``python -m danvan_desktop``."""

from danvan_desktop.cli.main import main

if __name__ == "__main__":
    main()
