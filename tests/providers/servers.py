"""Servers of the tests' own: PostgreSQL and Redis, each in a folder that goes when they do. Nothing else on the machine is touched."""
import contextlib
import getpass
import glob
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

PATIENCE = 30                                           # seconds until a server has to answer


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def wait_for(ready, process):
    end = time.monotonic() + PATIENCE
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f'{process.args[0]} does not start')
        time.sleep(0.02)


def stop(process, how=signal.SIGTERM):
    """By its own id; a server that does not listen is killed."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def folder(prefix, owner=None):
    path = tempfile.mkdtemp(prefix=prefix)
    try:
        if owner:
            shutil.chown(path, owner)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def as_user(user):
    """What a command is prefixed with to run as another user: PostgreSQL refuses to run as root."""
    return [] if user == getpass.getuser() else ['setpriv', '--reuid', user, '--regid', user, '--init-groups', '--']


class Postgres:
    """A cluster behind a socket of its own; url(schema) is a store of its own."""

    def __init__(self, path, user):
        self.path, self.user = path, user
        self.binaries = sorted(glob.glob('/usr/lib/postgresql/*/bin'))[-1]
        self.process = None
        with open(f'{path}/log', 'w') as log:
            shutil.chown(f'{path}/log', user)
            subprocess.run([*as_user(user), f'{self.binaries}/initdb', '--pgdata', f'{path}/data', '--username', 'tester', '--auth', 'trust',
                            '--no-sync', '--locale', 'C.UTF-8', '--encoding', 'UTF8'], check=True, stdout=log, stderr=log, cwd=path)

    def start(self):
        with open(f'{self.path}/log', 'a') as log:
            self.process = subprocess.Popen([*as_user(self.user), f'{self.binaries}/postgres', '-D', f'{self.path}/data', '-k', self.path,
                                             '-c', 'listen_addresses=', '-c', 'fsync=off', '-c', 'shared_buffers=32MB'],
                                            stdout=log, stderr=log, cwd=self.path)
        wait_for(lambda: os.path.exists(f'{self.path}/.s.PGSQL.5432') and self.sql('SELECT 1') is not None, self.process)
        return self

    def sql(self, text, schema='public'):
        done = subprocess.run([f'{self.binaries}/psql', self.url(schema), '-XAtqc', text], capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else None

    def url(self, schema):
        return f'postgresql://tester@/postgres?host={self.path}&options=-csearch_path%3D{schema}'

    def new_url(self, schema):
        assert self.sql(f'CREATE SCHEMA {schema}') is not None
        return self.url(schema)

    def stop(self, how=signal.SIGINT):
        stop(self.process, how)


@contextlib.contextmanager
def postgres():
    user = 'postgres' if os.getuid() == 0 else getpass.getuser()
    with folder('tradecost-postgres.', user) as path:
        server = Postgres(path, user)
        try:
            yield server.start()
        finally:
            server.stop(signal.SIGQUIT)


class Redis:
    def __init__(self, path, port, password=None):
        self.port, self.where = port, f'redis://127.0.0.1:{port}'
        self.process = subprocess.Popen(['redis-server', '--port', str(port), '--bind', '127.0.0.1', '--save', '', '--dir', path]
                                        + (['--requirepass', password] if password else []), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.password = password
        wait_for(lambda: self.command('PING') == 'PONG', self.process)

    def command(self, *words):
        """The answer to one command; None while nobody listens."""
        auth = ['--no-auth-warning', '-a', self.password] if self.password else []
        done = subprocess.run(['redis-cli', '-p', str(self.port), *auth, *words], capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else None

    def stop(self, how=signal.SIGTERM):
        stop(self.process, how)


@contextlib.contextmanager
def redis(password=None):
    with folder('tradecost-redis.') as path:
        server = Redis(path, free_port(), password)
        try:
            yield server
        finally:
            server.stop()
