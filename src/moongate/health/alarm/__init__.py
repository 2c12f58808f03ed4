"""A second ear for danger: how much a message sounds like people in danger, whatever its words."""
