"""Costumes: pieces skinned to the cast's skeleton, their cloth, and packs from outside."""
