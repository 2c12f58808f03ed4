"""WeChat's server API, as far as the channel needs it."""
