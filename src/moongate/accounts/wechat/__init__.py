"""Sign-in with WeChat: by QR code on the website, by one touch inside WeChat.

WeChat knows a person by an `openid` for each app and, once the apps are bound together on its Open
Platform, by one `unionid` for all of them. An account here hangs on the unionid as soon as that
is known, and until then on the openid.
"""
