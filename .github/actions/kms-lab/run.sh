#!/usr/bin/env bash
# What the action does: `run.sh labs` runs labs and writes their reports, `run.sh cleanup` removes what they made.
# Settings come as INPUT_*; each run of a workflow has a namespace of its own, so that it removes its own keys and no others.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
kms_lab() { node "$here/../../../dist/src/main.js" "$@"; }

where=(--namespace "gh-${GITHUB_RUN_ID:-0}-${GITHUB_RUN_ATTEMPT:-1}")
if [[ -n "${INPUT_ROLE:-}" ]]; then
  account="${INPUT_ACCOUNT:-$(cut -d: -f5 <<<"$INPUT_ROLE")}"
  where+=(--expect-account "$account" --yes)
else
  where+=(--local --state "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/kms-lab-state")
fi

run_labs() {
  local reports="${INPUT_REPORTS:-kms-lab-reports}" worst=0 lab
  local all labs
  all="$(kms_lab list --json | node -e '
    const lines = require("node:fs").readFileSync(0, "utf8").trim().split("\n");
    console.log(lines.map((line) => JSON.parse(line).lab).join(" "));')"
  read -ra labs <<<"$(tr '\n' ' ' <<<"${INPUT_LABS:-}")"
  [[ ${#labs[@]} -gt 0 ]] || read -ra labs <<<"$all"
  for lab in "${labs[@]}"; do
    # Only labs: a word from outside must not become an option or another command.
    if [[ " $all " != *" $lab "* ]]; then
      printf 'kms-lab: error: no lab of this name: %q (there are: %s)\n' "$lab" "$all" >&2
      return 2
    fi
  done
  for lab in "${labs[@]}"; do
    local status=0
    kms_lab "$lab" "${where[@]}" --region "${INPUT_REGION:-us-east-1}" \
      --junit "$reports/$lab.xml" --markdown "$reports/$lab.md" --html "$reports/$lab.html" || status=$?
    # A lab that fails keeps none of the others from running; after Ctrl-C or a cancelled job none starts.
    ((status <= worst)) || worst=$status
    ((status < 128)) || break
  done
  return "$worst"
}

case "${1:-}" in
  labs) run_labs ;;
  # In every Region: a lab may have replicated its key.
  cleanup) kms_lab cleanup "${where[@]}" --yes ;;
  *) printf 'usage: %s labs|cleanup\n' "$0" >&2; exit 2 ;;
esac
