#!/usr/bin/env python3
"""Transcripts of the command line: what is typed, what comes out, how it ends.

    run.py BINARY [--accept] [NAME...]

Each *.case file here is a transcript:

    # a remark
    $ a shell command; `tradecost` is BINARY, files/ is at hand in a scratch directory
    what it prints (standard output; say 2>&1 to see complaints too)
    ? its exit status

A case passes if output and status are as written; trailing spaces do not count. --accept writes what came out instead.
"""
import difflib
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def steps(text):
    """(what stands before, command, expected output, expected status) of every step, in order; then what stands last."""
    at = 0
    for found in re.finditer(r'^\$ ((?:.*\\\n)*.*)\n((?:(?![?$] ).*\n)*?)\? (\d+)\n', text, re.M):
        yield text[at:found.start()], found[1], found[2], int(found[3])
        at = found.end()
    if '\n$ ' in '\n' + text[at:]:
        raise SystemExit(f'a command without `? STATUS`: {text[at:].strip()[:80]}')
    yield text[at:], None, '', 0


def run(command, folder, binary):
    environment = {name: value for name, value in os.environ.items() if not name.startswith('TRADECOST_')}
    environment |= {'PATH': f'{folder}/bin:{os.environ["PATH"]}', 'NO_COLOR': '1', 'LC_ALL': 'C.UTF-8', 'TMPDIR': folder}
    done = subprocess.run(['bash', '-c', command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, timeout=120)
    return re.sub(' +$', '', done.stdout.decode(errors='replace'), flags=re.M), done.returncode


def scratch(binary):
    folder = tempfile.mkdtemp(prefix='golden.')
    shutil.copytree(f'{HERE}/files', folder, dirs_exist_ok=True)
    os.mkdir(f'{folder}/bin')
    os.symlink(binary, f'{folder}/bin/tradecost')
    return folder


def play(path, binary, accept):
    """(passed, failed); prints what differs, or writes what came out."""
    passed = failed = 0
    written = ''
    folder = scratch(binary)
    try:
        for before, command, expected, status in steps(open(path).read()):
            written += before
            if command is None:
                break
            output, ended = run(command, folder, binary)
            written += f'$ {command}\n{output}? {ended}\n'
            good = accept or (output == expected and ended == status)
            passed += good
            failed += not good
            if not good:
                print(f'{os.path.basename(path)}: $ {command}')
                print(''.join(difflib.unified_diff((expected + f'? {status}\n').splitlines(True),
                                                   (output + f'? {ended}\n').splitlines(True), 'expected', 'came out')))
    finally:
        shutil.rmtree(folder)
    if accept:
        open(path, 'w').write(written)
    return passed, failed


def main(arguments):
    accept = '--accept' in arguments
    binary, *names = [word for word in arguments if word != '--accept']
    paths = sorted(path for path in glob.glob(f'{HERE}/*.case') if not names or os.path.basename(path)[:-5] in names)
    results = [play(path, os.path.abspath(binary), accept) for path in paths]
    passed, failed = (sum(part) for part in zip((0, 0), *results))
    print(f'{passed} passed, {failed} failed')
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
