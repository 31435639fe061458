"""Text triage: what a customer's message is about, how it is meant and how urgent it is."""
