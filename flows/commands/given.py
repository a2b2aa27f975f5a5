"""The file of a user that a flag of the command line names."""

from pathlib import Path

from flows.reading.raw import suffix
from pipelines.core.errors import InputError, quote


def check_file(data: Path, where: str = "--data") -> Path:
    """Return the path of a user's file; raise InputError if nothing there can be read as a table.

    `where` is the flag that names it.
    """
    try:
        if data.is_dir():
            raise InputError(f"{quote(str(data))} is a folder", where=where, todo="name a file in it")
        if not data.is_file():
            if data.exists():
                todo = "write its content into a file, and name that file"
                raise InputError(f"{quote(str(data))} is not a regular file", where=where, todo=todo)
            raise InputError(f"there is no file {quote(str(data))}", where=where, todo="check the path")
        suffix(data)
        with data.open("rb") as file:
            file.read(1)
        str(data).encode()  # Arrow opens no file of another name
    except UnicodeEncodeError:
        found = f"the path {quote(str(data))} is not UTF-8"
        raise InputError(found, where=where, allowed="a path in UTF-8", todo="rename the file") from None
    except OSError as error:
        found = f"{quote(str(data))} cannot be read ({error.strerror})"
        raise InputError(found, where=where, todo="check the file's name and permissions") from None
    except ValueError as error:  # a path that no file can have
        raise InputError(f"{quote(str(data))} is no path: {error}", where=where, todo="check the path") from None
    return data
