"""Kept assessments as FHIR R4 resources."""
