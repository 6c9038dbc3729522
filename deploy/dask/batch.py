#!/usr/bin/env python3
"""Speaks a manifest on the workers of a Dask cluster.

    pip install distributed
    deploy/dask/batch.py tcp://SCHEDULER:8786 manifest.jsonl out/ --shards 16

Every shard is one task, so take some times as many shards as workers. Manifest and folder lie where all workers see them
under the same path, and every worker has the program. A shard whose worker died goes to another worker, which goes on
where the folder is complete.
"""

import argparse
import os
import subprocess
import sys
import time

from distributed import Client, as_completed

UNFINISHED = 75  # of `starling batch`: stopped, or another process has the shard
PATIENCE = 30  # seconds until a shard that was not finished is tried again
TRIES = 10


def speak(program, manifest, folder, shard):
    """The last line of one shard's report, and its exit status."""
    command = [program, "batch", manifest, "--output", folder, "--shard", shard, "--threads", "1"]
    for _ in range(TRIES):
        ended = subprocess.run(command, capture_output=True, text=True)
        if ended.returncode != UNFINISHED:
            break
        time.sleep(PATIENCE)
    lines = (ended.stderr + ended.stdout).strip().splitlines() or [""]
    return lines[-1], ended.returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scheduler", help="address of the scheduler")
    parser.add_argument("manifest")
    parser.add_argument("folder")
    parser.add_argument("--shards", type=int, default=16)
    parser.add_argument("--program", default="starling", help="the program on the workers")
    options = parser.parse_args()
    places = os.path.abspath(options.manifest), os.path.abspath(options.folder)
    failures = 0
    with Client(options.scheduler) as client:
        shards = {
            client.submit(speak, options.program, *places, f"{number}/{options.shards}", pure=False): number
            for number in range(options.shards)
        }
        for future in as_completed(shards):
            error = future.exception()
            report, status = (str(error), 1) if error else future.result()
            print(f"shard {shards[future]}: {report}", flush=True)
            failures += status != 0
    if failures:
        sys.exit(f"{failures} of {options.shards} shards have failed; run the same command again")


if __name__ == "__main__":
    main()
