#!/usr/bin/python3
"""check-format.py ROOT: every C file of the repository stands as ./dev fmt would write it.

Asked of ./dev itself, in a copy of the repository's own settings, so that the test and the command
cannot differ; a file that is not formatted proves that it can say no. Prints TAP.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(sys.argv[1]).resolve()


def check(folder):
    return subprocess.run([folder / "dev", "fmt", "--check"], capture_output=True, text=True,
                          timeout=100, check=False)


def spoilt_repository(folder):
    """One file, wrongly written, in a repository with our settings."""
    shutil.copy(ROOT / "dev", folder)
    shutil.copy(ROOT / ".clang-format", folder)
    (folder / "spoilt.c").write_text("int  main( void ){return 0;}\n")
    subprocess.run(["git", "init", "-q", folder], check=True)
    subprocess.run(["git", "-C", folder, "add", "spoilt.c"], check=True)


def main():
    if not (ROOT / ".git").exists() or not shutil.which("clang-format"):
        print("1..0 # SKIP this needs git's list of files and clang-format")
        return
    print("1..2")
    done = check(ROOT)
    for line in done.stderr.splitlines()[:40]:
        print(f"# {line}")
    print(f"{'ok' if done.returncode == 0 else 'not ok'} 1 - ./dev fmt --check")
    with tempfile.TemporaryDirectory() as name:
        spoilt_repository(pathlib.Path(name))
        done = check(pathlib.Path(name))
    said = done.returncode != 0 and "spoilt.c" in done.stderr
    print(f"{'ok' if said else 'not ok'} 2 - a file that is not formatted is named")


main()
