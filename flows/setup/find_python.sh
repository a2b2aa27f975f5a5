#!/bin/sh
# Print the Python to set up with: the first of the arguments, or of those below, that runs and has a right version.
# 3.11 comes first: the reports in git were made with it, and most tests ran with it.
[ "$#" -gt 0 ] || set -- python3.11 python3.12 python3.13 python3 python
found=""
for name in "$@"; do
  version=$("$name" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2> /dev/null) || continue
  case $version in
    3.11.* | 3.12.* | 3.13.*) command -v "$name"; exit 0 ;;
  esac
  found="$found, $name is $version"
done
echo "set-up stopped: no Python 3.11, 3.12 or 3.13 (tried: $*$found); install one, or name one: make PYTHON=/path/to/python3.12" >&2
exit 2
