#!/bin/sh
# Browser tests: builds four sites with kohyo and looks at them as a citizen's browser, a screen reader, the Nu HTML
# checker and a printer do. What is missing is fetched (tools.sh); what cannot be had is a failure, nothing is skipped.
#   KOHYO=path       the program under test (default: target/debug/kohyo)
#   MINIFIER=path    a program with the feature `minify` (default: target/kohyo-minify; tests/all.sh puts it there)
#   THEMES=themes    the fixtures use the theme as it is in that folder, not the one inside the program
#   ./run.sh print   only the tests whose names contain "print"
set -eu
cd "$(dirname "$0")"

sh ./tools.sh || {
  echo "0 passed, 1 failed"
  exit 1
}
exec node run.mjs "$@"
