#!/usr/bin/env python3
"""What docs/add-a-model.md shows compiles without a warning, and its test passes.

    add_a_model.py BUILD
"""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def main():
    build = os.path.abspath(sys.argv[1])
    page = open(f'{ROOT}/docs/add-a-model.md').read()
    with tempfile.TemporaryDirectory() as folder:
        files = re.findall(r'^```c (\S+)\n(.*?)^```$', page, re.S | re.M)
        for name, text in files:
            with open(f'{folder}/{name}', 'w') as file:
                file.write(text)
        compiled = subprocess.run([os.environ.get('CC', 'cc'), '-std=c17', '-Wall', '-Wextra', '-Wshadow', '-Wconversion', '-Werror',
                                   f'-I{ROOT}/include', f'-I{ROOT}/src', *(f'{folder}/{name}' for name, _ in files), f'{build}/libengine.a',
                                   '-lcmocka', '-lm', '-o', f'{folder}/example'])
        ended = subprocess.run([f'{folder}/example']).returncode if compiled.returncode == 0 else 1
    passed = len(files) == 2 and ended == 0
    print(f'{int(passed)} passed, {int(not passed)} failed')
    return int(not passed)


if __name__ == '__main__':
    sys.exit(main())
