"""WeChat's message protocol: signatures, AES, XML, messages. Plain Python, no Django."""
