"""What the course asks of the machine: folders, files, downloads, the browser, the terminal."""
