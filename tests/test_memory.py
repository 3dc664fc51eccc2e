"""What the system's files say about memory."""

from pathlib import Path

import pytest

from wakeup import memory

KIB = 1024


def system(root: Path) -> Path:
    """Write what a system without control groups says."""
    write(root, "proc/meminfo", "MemTotal: 9000 kB\nMemFree: 100 kB\nMemAvailable: 5000 kB\nSwapFree: 300 kB\n")
    write(root, "proc/self/status", "Name:\tpython\nVmRSS:\t  40 kB\n")
    return root


def write(root: Path, name: str, text: str) -> None:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "ascii")


def test_what_is_available_and_what_one_has(tmp_path: Path) -> None:
    assert memory.obtainable(system(tmp_path)) == (5000 + 300 + 40) * KIB


@pytest.mark.parametrize("missing", ["proc/meminfo", "proc/self/status"])
def test_where_the_system_does_not_say_nobody_knows(tmp_path: Path, missing: str) -> None:
    (system(tmp_path) / missing).unlink()
    assert memory.obtainable(tmp_path) is None


def test_a_table_without_what_is_available_says_nothing(tmp_path: Path) -> None:
    write(system(tmp_path), "proc/meminfo", "MemTotal: 9000 kB\nMemFree: 100 kB\n")
    assert memory.obtainable(tmp_path) is None


def test_the_limit_of_a_container_counts_and_kept_files_are_free(tmp_path: Path) -> None:
    system(tmp_path)
    write(tmp_path, "sys/fs/cgroup/memory.max", f"{3000 * KIB}\n")
    write(tmp_path, "sys/fs/cgroup/memory.current", f"{1000 * KIB}\n")
    write(tmp_path, "sys/fs/cgroup/memory.stat", f"anon 5\ninactive_file {150 * KIB}\nactive_file {50 * KIB}\n")
    assert memory.obtainable(tmp_path) == (2200 + 300 + 40) * KIB


def test_a_limit_that_leaves_more_than_is_available_does_not_count(tmp_path: Path) -> None:
    system(tmp_path)
    write(tmp_path, "sys/fs/cgroup/memory.max", "max\n")
    write(tmp_path, "sys/fs/cgroup/memory.current", "1000\n")
    write(tmp_path, "sys/fs/cgroup/memory.stat", "anon 5\n")
    assert memory.obtainable(tmp_path) == (5000 + 300 + 40) * KIB
    write(tmp_path, "sys/fs/cgroup/memory.max", f"{9000 * KIB}\n")
    assert memory.obtainable(tmp_path) == (5000 + 300 + 40) * KIB


@pytest.mark.parametrize(
    ("line", "folder", "limit", "usage", "files"),
    [
        ("0::/batch/job", "sys/fs/cgroup/batch/job", "memory.max", "memory.current", "inactive_file"),
        ("0::/batch/job", "sys/fs/cgroup/batch", "memory.max", "memory.current", "inactive_file"),
        (
            "4:memory:/batch/job", "sys/fs/cgroup/memory/batch/job",
            "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file",
        ),
    ],
)  # fmt: skip
def test_the_groups_of_the_process_and_those_above_count(
    tmp_path: Path, line: str, folder: str, limit: str, usage: str, files: str
) -> None:
    write(system(tmp_path), "proc/self/cgroup", f"{line}\n")
    write(tmp_path, f"{folder}/{limit}", f"{2000 * KIB}")
    write(tmp_path, f"{folder}/{usage}", f"{1900 * KIB}")
    write(tmp_path, f"{folder}/memory.stat", f"{files} {400 * KIB}\n")
    assert memory.obtainable(tmp_path) == (500 + 300 + 40) * KIB
