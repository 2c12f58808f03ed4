"""The health talk inside WeChat: an Official Account's messages, and a Mini Program's door."""
