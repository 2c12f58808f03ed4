"""Public streams as data: posts that anybody may read, for counting what they show.

`jetstream`, `mastodon` and `posts` turn lines into events and know no Django; `files` and `live`
find the lines; `store` writes events; `importing` joins them and remembers how far it came.
"""
