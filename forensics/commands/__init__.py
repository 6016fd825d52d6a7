"""The command line, one module per group of commands. This layer alone prints and sets exit statuses."""
