"""The screen: panels that look at a snapshot and show what they saw. The only part that knows Textual."""
