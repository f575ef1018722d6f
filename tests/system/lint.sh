#!/usr/bin/env bash
# Lints what the npm packages do not reach: shell scripts, the Dockerfile, the compose file, the workflows.
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

mapfile -t scripts < <(git ls-files '*.sh' .ci/run docker/gristmill 'tests/orchestration/*.bash')
shellcheck --severity=style --external-sources "${scripts[@]}"
shfmt --diff --indent 2 --case-indent "${scripts[@]}"
hadolint Dockerfile
actionlint
check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
printf 'linted %s shell scripts, the Dockerfile, the compose file and the workflows\n' "${#scripts[@]}"
