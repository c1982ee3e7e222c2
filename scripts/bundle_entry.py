"""Where the bundle starts: PyInstaller runs this file, and the package's relative imports need a package."""

from danvan_desktop.cli.main import main

if __name__ == "__main__":
    main()
