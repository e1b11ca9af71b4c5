"""Have the bindings replay a backup file: replay_backup.py ADDRESS KEY FOLDER FILE.

They replay their own file when a stream has failed. So a stream is begun and one flow sent; then FILE takes the place
of the backup, the link is cut by whoever reads "replaced", and they send the file's messages.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import sift_stream_bindings as rust

PATIENCE = 60.0


async def main(address, key, folder, file):
    channel = rust.ChannelConfigPy("number", "", "", rust.ChannelDataTypePy.Int32, [], [])
    form = rust.IngestionConfigFormPy("Replayer", "replayer-v1", [rust.FlowConfigPy("own", [channel])])
    mode = rust.SiftStreamBuilderPy(f"http://{address}", key).ingestion_config(form).live_with_backups()
    mode.metrics_streaming_interval = None
    mode.checkpoint_interval = rust.DurationPy(3600, 0)
    mode.disk_backup_policy = rust.DiskBackupPolicyPy(
        backups_dir=folder,
        max_backup_file_size=500 * 1024 * 1024,
        rolling_file_policy=rust.RollingFilePolicyPy(None),
        retain_backups=False,
    )
    stream = await mode.build()
    value = rust.ChannelValuePy("number", rust.ValuePy.Int32(1))
    await stream.send(rust.FlowPy("own", rust.TimeValuePy.from_timestamp_nanos(1), [value]))
    backup = await asyncio.wait_for(found(Path(folder)), PATIENCE)
    Path(file).replace(backup)
    sys.stdout.write("replaced\n")
    sys.stdout.flush()
    await asyncio.wait_for(replayed(stream), PATIENCE)
    sys.stdout.write("replayed\n")
    sys.stdout.flush()
    os._exit(0)  # their finish() has nothing to say here, and waits


async def found(folder):
    while True:
        files = [path for path in folder.rglob("*") if path.is_file()]
        if files:
            return files[0]
        await asyncio.sleep(0.05)


async def replayed(stream):
    while stream.get_metrics_snapshot().backups.files_ingested < 1:
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
