"""Posts a second into the database, beside Django's `update_or_create` for each row.

    python benchmarks/stream_import.py            # 100,000 and 1,000,000 posts
    python benchmarks/stream_import.py 100000     # fewer

Lines are Jetstream's, generated from a seed. Each import is a process of its own on an empty
database, so that its peak memory is its own. The peer parses the same lines in the same way and is
given fewer rows, since its rate does not depend on how many there are.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SEED = 4
PEER_ROWS = 3_000
PEOPLE_SHARE = 0.2
SIZES = (100_000, 1_000_000)
WORDS = (
    *("linen", "coat", "wide", "trousers", "tartan", "scarf", "moss", "green", "today", "market"),
    *("rain", "shoes", "knitted", "vest", "charity", "shop", "find", "denim", "again", "pleats"),
    *("satin", "brooch", "boots", "hem", "jumper", "旗袍", "外套", "红色", "今天"),
)
DIGITS = "234567abcdefghijklmnopqrstuvwxyz"
START_US = 1_725_900_000_000_000


def tid(microseconds: int, clock: int) -> str:
    value = microseconds << 10 | clock
    return "".join(DIGITS[value >> shift & 31] for shift in range(60, -1, -5))


def lines(count: int, seed: int = SEED):
    """`count` posts, and among them updates, deletions, likes and a broken line in a thousand."""
    chance = random.Random(seed)
    people = max(1, int(count * PEOPLE_SHARE))
    recent = []
    now = START_US
    posts = 0
    while posts < count:
        now += chance.randrange(20_000, 60_000)
        author = int(people * chance.random() ** 3)
        did = f"did:plc:{author:024d}"
        rev = tid(now, chance.randrange(1024))
        draw = chance.random()
        if draw < 0.001:
            yield '{"did": "did:plc:broken", "time_us": '
            continue
        operation, rkey = "create", tid(now - 1_000, chance.randrange(1024))
        if draw < 0.05 and recent:
            did, rkey = chance.choice(recent)
            operation = "delete" if draw < 0.04 else "update"
        commit = {
            "rev": rev,
            "operation": operation,
            "collection": "app.bsky.feed.post",
            "rkey": rkey,
        }
        if operation != "delete":
            posts += 1
            commit["record"] = record(chance, now)
            commit["cid"] = "bafyreidwaivazkwu67xztlmuobx35hs2lnfh3kolmgfmucldvhd3sgzcqi"
            recent.append((did, rkey))
            if len(recent) > 1_000:
                recent.pop(0)
        yield json.dumps({"did": did, "time_us": now, "kind": "commit", "commit": commit})


def record(chance: random.Random, now: int) -> dict:
    made = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now // 1_000_000))
    found = {
        "$type": "app.bsky.feed.post",
        "createdAt": f"{made}.{now // 1000 % 1000:03d}Z",
        "langs": [chance.choice(("en", "zh", "ja"))],
        "text": " ".join(chance.choices(WORDS, k=chance.randrange(3, 30))),
    }
    if chance.random() < 0.3:
        link = {"$link": f"bafkrei{chance.getrandbits(200):052x}"}
        blob = {"$type": "blob", "ref": link, "mimeType": "image/jpeg", "size": 200_000}
        shown = {"alt": " ".join(chance.choices(WORDS, k=6)), "image": blob}
        found["embed"] = {"$type": "app.bsky.embed.images", "images": [shown]}
    return found


def measure_ours(path: str) -> dict:
    from moongate.social.streams.importing import import_stream
    from moongate.social.streams.sources import open_stream

    outcome = import_stream(open_stream("jetstream", path), rejects=Path(path + ".rejects"))
    return {"posts": outcome.posts, "seconds": outcome.seconds, "rejects": outcome.rejects}


def measure_peer(path: str) -> dict:
    """The obvious way: parse a line, ask Django to update or create its row."""
    from moongate.social.streams import jetstream
    from moongate.social.streams.events import Malformed, PublicPost, moment
    from moongate.social.streams.models import StreamPost
    from moongate.social.streams.store import Names

    names, posts = Names("bluesky", "bluesky"), 0
    started = time.perf_counter()
    with open(path, "rb") as file:
        for line in file:
            try:
                event = jetstream.parse(line)
            except Malformed:
                continue
            if isinstance(event, PublicPost):
                values = {
                    "source": "bluesky",
                    "author": names.person(event.author),
                    "created": moment(event.created),
                    "text": event.text,
                    "lang": event.lang,
                    "images": [{"ref": image.ref, "alt": image.alt} for image in event.images],
                    "version": event.version,
                }
                StreamPost.objects.update_or_create(key=names.post(event.id), defaults=values)
                posts += 1
            elif event:
                StreamPost.objects.filter(key=names.post(event.id)).delete()
            if posts >= PEER_ROWS:
                break
    return {"posts": posts, "seconds": time.perf_counter() - started}


def child(who: str, path: str) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    began = time.process_time()
    result = (measure_ours if who == "ours" else measure_peer)(path)
    result["cpu_s"] = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(result | {"peak_mb": peak}))


def run(who: str, path: Path) -> dict:
    with tempfile.TemporaryDirectory() as home:
        env = os.environ | {
            "MOONGATE_HOME": home,
            "DJANGO_SETTINGS_MODULE": "moongate.site.settings",
            "MOONGATE_LOG_LEVEL": "warning",
        }
        done = subprocess.run(
            [sys.executable, __file__, "--child", who, str(path)],
            env=env,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    result = json.loads(done.stdout.splitlines()[-1])
    rates = {"rate": result["posts"] / result["seconds"]}
    return result | rates | {"cpu_rate": result["posts"] / result["cpu_s"]}


def main(sizes: tuple[int, ...]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines.jsonl"
        for count in sizes:
            with path.open("w") as file:
                file.writelines(line + "\n" for line in lines(count))
            ours = run("ours", path)
            print(
                f"moongate             {count:>9,} posts  {ours['rate']:>9,.0f} posts/s  "
                f"{ours['cpu_rate']:>9,.0f} a second of processor  "
                f"peak {ours['peak_mb']:.0f} MB  ({ours['rejects']} lines rejected)",
                flush=True,
            )
        peer = run("peer", path)
        print(f"update_or_create     {peer['posts']:>9,} posts  {peer['rate']:>9,.0f} posts/s")
        print(f"ratio                {ours['rate'] / peer['rate']:.1f}")
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
        sys.exit(0)
    sys.exit(main(tuple(map(int, sys.argv[1:])) or SIZES))
