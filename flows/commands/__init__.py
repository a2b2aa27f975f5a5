"""The commands that set projects up, look at them and take them out; none of them is a step."""
