"""Proof. Mirrors the rooms; journeys/ reads like the story."""
