"""The real AWS CLI, loaded once for many lines: `warm_aws.py FOLDER...`, one folder for each shell.

To load it takes most of what a line takes. So it is loaded here, makes one call, and from then on a line is a fork of this
process. A shell writes what it asks into FOLDER/request and a line into FOLDER/asked; it finds what the AWS CLI wrote in
FOLDER/stdout and FOLDER/stderr, and reads the exit code from FOLDER/answered.
"""

import os
import select
import sys

from awscli.clidriver import create_clidriver


def request(folder):
    with open(f'{folder}/request', 'rb') as file:
        fields = [os.fsdecode(field) for field in file.read().split(b'\0')[:-1]]
    cwd, *rest = fields
    end = rest.index('--')
    return cwd, dict(pair.split('=', 1) for pair in rest[:end]), rest[end + 1 :]


def one(driver, folder):
    """In a process of its own: be the AWS CLI for one line."""
    cwd, env, args = request(folder)
    os.chdir(cwd)
    for name in [name for name in os.environ if name.startswith('AWS_')]:
        del os.environ[name]
    os.environ.update(env)
    for number, name in ((1, 'stdout'), (2, 'stderr')):
        os.dup2(os.open(f'{folder}/{name}', os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    driver.session._credentials = None  # those of the first call
    try:
        code = driver.main(args)
    except SystemExit as end:
        code = end.code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code or 0)


def serve(driver, folder, parent):
    asked = os.open(f'{folder}/asked', os.O_RDWR)
    answered = os.open(f'{folder}/answered', os.O_RDWR)
    while os.getppid() == parent:
        if not select.select([asked], [], [], 0.5)[0]:
            continue
        os.read(asked, 1)
        child = os.fork()
        if child == 0:
            one(driver, folder)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.write(answered, f'{status}\n'.encode())


def main(folders):
    driver = create_clidriver()
    quiet = os.open(os.devnull, os.O_RDWR)
    os.dup2(quiet, 0)
    loud = os.dup(1)
    os.dup2(quiet, 1)
    driver.main(['kms', 'list-keys'])
    driver.main(['sts', 'get-caller-identity'])
    os.dup2(loud, 1)
    for folder in folders:
        os.mkfifo(f'{folder}/asked')
        os.mkfifo(f'{folder}/answered')
        if os.fork() == 0:
            serve(driver, folder, os.getppid())
            os._exit(0)
    print('warm', flush=True)
    for _ in folders:
        os.wait()


main(sys.argv[1:])
