"""Health: a careful symptom assessment. The engine here is a library; pages come on top."""
