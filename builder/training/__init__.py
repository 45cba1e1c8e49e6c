"""Answer parser, rewards, Safe-SFT and Safe-GDPO."""
