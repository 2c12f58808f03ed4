"""The knowledge base: bilingual data, its format, its loader and its checks."""
