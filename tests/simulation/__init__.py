"""What simulators of other people's HTTP services have in common. See README.md."""
